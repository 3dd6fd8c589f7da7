#% the row is locked where it is read
class User(models.Model):
    email = models.EmailField()
    address = models.TextField()
    token_key = models.CharField(max_length=20)
class Mutation:
    @classmethod
    def save(cls, instance, data):
        instance.address = data["address"]
        instance.save()
class UpdateUser(Mutation):
    class Meta:
        model = User
    @classmethod
    def get_instance(cls, pk):
        return User.objects.select_for_update().get(pk=pk)
    @classmethod
    @transaction.atomic
    def perform(cls, data):
        instance = cls.get_instance(data["pk"])
        cls.save(instance, data)
def sign_out(request, pk):
    user = User.objects.get(pk=pk)
    user.token_key = new_key()
    user.save(update_fields=["token_key"])
#% kept in the view, and never saved
class Subscription(models.Model):
    page = models.ForeignKey(Page, on_delete=models.CASCADE)
class EditView(View):
    def dispatch(self, request, pk):
        try:
            self.subscription = Subscription.objects.get(page_id=pk)
        except Subscription.DoesNotExist:
            self.subscription = Subscription(page_id=pk)
        return super().dispatch(request)
    def post(self, request):
        return HttpResponse(str(self.subscription))
