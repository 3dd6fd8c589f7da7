#% the first address is the default, in save() -> Address.save
class Address(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    is_default = models.BooleanField(default=False)
    def save(self, *args, **kwargs):
        if not Address.objects.filter(user=self.user, is_default=True).exists():
            self.is_default = True
        super().save(*args, **kwargs)
#% a method says it, and leaves early -> Card.save
class Card(models.Model):
    customer = models.ForeignKey("Customer", on_delete=models.CASCADE)
    primary = models.BooleanField(default=False)
    def save(self, *args, **kwargs):
        self._mark_primary()
        super().save(*args, **kwargs)
    def _mark_primary(self):
        if Card.objects.filter(customer=self.customer, primary=True).exists():
            return
        self.primary = True
#% a new row, in a view -> add_domain
class Domain(models.Model):
    tenant = models.ForeignKey("Tenant", on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    is_main = models.BooleanField(default=False)
def add_domain(request, tenant):
    domain = Domain(tenant=tenant, name=request.POST["name"])
    if not Domain.objects.filter(tenant=tenant, is_main=True).exists():
        domain.is_main = True
    domain.save()
#% there are none at all -> add_picture
class Picture(models.Model):
    product = models.ForeignKey("Product", on_delete=models.CASCADE)
    is_primary = models.BooleanField(default=False)
def add_picture(product, data):
    picture = Picture(product=product)
    if not Picture.objects.filter(product=product).exists():
        picture.is_primary = True
    picture.save()
#% of a row that is there, which is saved in any case -> publish
class Release(models.Model):
    project = models.ForeignKey("Project", on_delete=models.CASCADE)
    current = models.BooleanField(default=False)
    notes = models.TextField()
def publish(request, pk):
    release = Release.objects.get(pk=pk)
    release.notes = request.POST["notes"]
    if not Release.objects.filter(project=release.project, current=True).exists():
        release.current = True
    release.save()
#% a constraint over those that have it, and nobody handles its refusal -> Address.save
class Address(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    is_default = models.BooleanField(default=False)
    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(is_default=True), name="one_default"),
        ]
    def save(self, *args, **kwargs):
        if self._state.adding:
            self._mark_default()
        super().save(*args, **kwargs)
    def _mark_default(self):
        if Address.objects.filter(user=self.user, is_default=True).exists():
            return
        self.is_default = True
#% whoever registers first is the admin -> register
def register(request):
    user = User(email=request.POST["email"])
    if User.objects.count() == 0:
        user.is_superuser = True
    user.save()
#% the first member of a club owns it, by the relation -> join
class Member(models.Model):
    club = models.ForeignKey("Club", on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    is_owner = models.BooleanField(default=False)
class Club(models.Model):
    name = models.CharField(max_length=40)
def join(request, pk):
    club = Club.objects.get(pk=pk)
    member = Member(club=club, user=request.user)
    if not club.members.exists():
        member.is_owner = True
    member.save()
#% an expression and no branch -> join
class Member(models.Model):
    club = models.ForeignKey("Club", on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    is_owner = models.BooleanField(default=False)
def join(request, club):
    is_first = not Member.objects.filter(club=club).exists()
    Member.objects.create(club=club, user=request.user, is_owner=is_first)
