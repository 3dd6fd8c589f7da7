#% the row is locked before the step is taken
class Plan(models.Model):
    is_default = models.BooleanField(default=False)
class Delete:
    def perform(self, pk):
        with transaction.atomic():
            instance = Plan.objects.select_for_update().get(pk=pk)
            self.check(instance)
            instance.delete()
class DeletePlan(Delete):
    def check(self, instance):
        if instance.is_default:
            raise ValueError("the default plan stays")
def make_default(request, pk):
    Plan.objects.filter(pk=pk).update(is_default=True)
#% the rows are locked by the class's own method, which goes on above
class Plan(models.Model):
    is_default = models.BooleanField(default=False)
class Delete:
    def perform(self, pk):
        instance = Plan.objects.get(pk=pk)
        self.check(instance)
        instance.delete()
class DeletePlan(Delete):
    def perform(self, pk):
        with transaction.atomic():
            list(Plan.objects.select_for_update())
            return super().perform(pk)
    def check(self, instance):
        if instance.is_default:
            raise ValueError("the default plan stays")
def make_default(request, pk):
    Plan.objects.filter(pk=pk).update(is_default=True)
#% nobody changes the column that is tested
class Plan(models.Model):
    kind = models.CharField(max_length=20)
def remove(request, pk):
    plan = Plan.objects.get(pk=pk)
    if plan.kind == "builtin":
        raise ValueError("stays")
    plan.delete()
#% who asks is tested, not what the row is
class Plan(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
def remove(request, pk):
    plan = Plan.objects.get(pk=pk)
    if plan.owner != request.user:
        raise PermissionDenied()
    plan.delete()
def give(request, pk, user):
    plan = Plan.objects.get(pk=pk)
    plan.owner = user
    plan.save(update_fields=["owner"])
