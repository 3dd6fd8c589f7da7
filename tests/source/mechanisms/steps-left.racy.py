# A step that a base class leaves to others refuses; what the base class does afterwards relies on it.
#% tested, and the class above deletes -> DeletePlan.clean_instance
class Plan(models.Model):
    is_default = models.BooleanField(default=False)
class DeleteMutation:
    @classmethod
    def clean_instance(cls, info, instance):
        """Overridden where something else has to be checked."""
    @classmethod
    def perform(cls, info, pk):
        instance = cls.get_instance(pk)
        cls.clean_instance(info, instance)
        instance.delete()
    @classmethod
    def get_instance(cls, pk):
        return Plan.objects.get(pk=pk)
class DeletePlan(DeleteMutation):
    @classmethod
    def clean_instance(cls, info, instance):
        if instance.is_default:
            raise ValueError("the default plan stays")
class DeleteOther(DeleteMutation):
    pass
def make_default(request, pk):
    plan = Plan.objects.get(pk=pk)
    plan.is_default = True
    plan.save(update_fields=["is_default"])
#% through a method of its own that goes on above -> DeletePlan.check
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
            return super().perform(pk)
    def check(self, instance):
        if instance.is_default:
            raise ValueError("the default plan stays")
def make_default(request, pk):
    plan = Plan.objects.get(pk=pk)
    plan.is_default = True
    plan.save(update_fields=["is_default"])
#% asked, and another step of the class writes -> MakeOrder.check_input
class Order(models.Model):
    number = models.CharField(max_length=20)
class Make:
    def perform(self, data):
        self.check_input(data)
        self.store(data)
    def check_input(self, data):
        pass
    def store(self, data):
        raise NotImplementedError
class MakeOrder(Make):
    def check_input(self, data):
        if Order.objects.filter(number=data["number"]).exists():
            raise ValueError("taken")
    def store(self, data):
        Order.objects.create(number=data["number"])
#% in one function -> remove
class Plan(models.Model):
    is_default = models.BooleanField(default=False)
def remove(request, pk):
    plan = Plan.objects.get(pk=pk)
    if plan.is_default:
        raise ValueError("the default plan stays")
    plan.delete()
def make_default(request, pk):
    plan = Plan.objects.get(pk=pk)
    plan.is_default = True
    plan.save(update_fields=["is_default"])
