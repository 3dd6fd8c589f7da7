#% read by one method, given columns and saved whole by others -> UpdateUser.perform
class User(models.Model):
    email = models.EmailField()
    address = models.TextField()
    token_key = models.CharField(max_length=20)
class Mutation:
    @classmethod
    def get_instance(cls, pk):
        return cls._meta.model.objects.filter(pk=pk).first()
    @classmethod
    def construct(cls, instance, data):
        for name, value in data.items():
            setattr(instance, name, value)
        return instance
    @classmethod
    def save(cls, instance, data):
        instance.address = data["address"]
        instance.save()
class UpdateUser(Mutation):
    class Meta:
        model = User
    @classmethod
    def perform(cls, data):
        instance = cls.get_instance(data["pk"])
        instance = cls.construct(instance, data)
        cls.save(instance, data)
def sign_out(request, pk):
    user = User.objects.get(pk=pk)
    user.token_key = new_key()
    user.save(update_fields=["token_key"])
#% kept in the view where none was found, saved by another method of it -> EditView.dispatch
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
        self.subscription.notify = True
        self.subscription.save()
