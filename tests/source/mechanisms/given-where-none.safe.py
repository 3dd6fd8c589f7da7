#% the user is locked before
class Address(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    is_default = models.BooleanField(default=False)
def add_address(request):
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=request.user.pk)
        address = Address(user=user)
        if not Address.objects.filter(user=user, is_default=True).exists():
            address.is_default = True
        address.save()
#% a constraint over those that have it, and its refusal is handled
class Address(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    is_default = models.BooleanField(default=False)
    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(is_default=True), name="one_default"),
        ]
def add_address(request):
    address = Address(user=request.user)
    if not Address.objects.filter(user=request.user, is_default=True).exists():
        address.is_default = True
    try:
        with transaction.atomic():
            address.save()
    except IntegrityError:
        address.is_default = False
        address.save()
#% taken from all others once it is saved
class Address(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    is_default = models.BooleanField(default=False)
def add_address(request):
    address = Address(user=request.user)
    if not Address.objects.filter(user=request.user, is_default=True).exists():
        address.is_default = True
    address.save()
    Address.objects.filter(user=request.user).exclude(pk=address.pk).update(is_default=False)
#% asked of another table, which these rows do not fill
class Order(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    is_first = models.BooleanField(default=False)
class Refund(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
def order(request):
    made = Order(user=request.user)
    if not Refund.objects.filter(user=request.user).exists():
        made.is_first = True
    made.save()
#% a mutex around both
class Domain(models.Model):
    tenant = models.ForeignKey("Tenant", on_delete=models.CASCADE)
    is_main = models.BooleanField(default=False)
def add_domain(request, tenant):
    with redis_lock(f"tenant:{tenant.pk}"):
        domain = Domain(tenant=tenant)
        if not Domain.objects.filter(tenant=tenant, is_main=True).exists():
            domain.is_main = True
        domain.save()
#% the club is locked before, and the value is an expression
class Member(models.Model):
    club = models.ForeignKey("Club", on_delete=models.CASCADE)
    is_owner = models.BooleanField(default=False)
@transaction.atomic
def join(pk):
    club = Club.objects.select_for_update().get(pk=pk)
    is_first = not Member.objects.filter(club=club).exists()
    Member.objects.create(club=club, is_owner=is_first)
#% a flag that says nothing of the others
class Visit(models.Model):
    shop = models.ForeignKey("Shop", on_delete=models.CASCADE)
    greeted = models.BooleanField(default=False)
def visit(shop):
    made = Visit(shop=shop)
    if not Visit.objects.filter(shop=shop).exists():
        made.greeted = True
    made.save()
