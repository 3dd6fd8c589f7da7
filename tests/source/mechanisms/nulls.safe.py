#% a value is always given
class Folder(models.Model):
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    class Meta:
        unique_together = ("parent", "name")
def folder_in(parent, name):
    folder, created = Folder.objects.get_or_create(parent=parent, name=name)
    return folder
#% two empty ones are the same to the database
class Folder(models.Model):
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "name"], name="once", nulls_distinct=False)]
def root_folder(name):
    return Folder.objects.get_or_create(parent=None, name=name)[0]
#% another set has no empty column
class Flag(models.Model):
    key = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey("auth.User", null=True, on_delete=models.CASCADE)
    ip = models.CharField(max_length=40, null=True)
    class Meta:
        unique_together = (("key", "user", "ip"),)
def flag(key, user, ip):
    return Flag.objects.get_or_create(key=key, user=user, ip=ip)
#% the empty column is not in the set
class Setting(models.Model):
    owner = models.ForeignKey("auth.User", null=True, on_delete=models.CASCADE)
    key = models.CharField(max_length=100, unique=True)
def setting(key):
    return Setting.objects.get_or_create(key=key, owner=None)[0]
#% an argument that is looked after
class Setting(models.Model):
    tenant = models.ForeignKey("Tenant", null=True, on_delete=models.CASCADE)
    key = models.CharField(max_length=100)
    class Meta:
        unique_together = ("tenant", "key")
def setting(key, tenant=None):
    if tenant is None:
        tenant = current_tenant()
    return Setting.objects.get_or_create(tenant=tenant, key=key)[0]
#% unique together with what the defaults give, and who is refused is told
class Payment(models.Model):
    key = models.CharField(max_length=40)
    app = models.CharField(max_length=20)
    order = models.ForeignKey("Order", on_delete=models.CASCADE)
    class Meta:
        unique_together = [("app", "key")]
class Order(models.Model):
    total = models.IntegerField()
def start(order, key, app):
    try:
        payment, made = Payment.objects.get_or_create(key=key, order=order, defaults={"app": app})
    except IntegrityError:
        raise KeyTaken()
    return payment
#% where there is none, it is not counted
class View(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    section = models.ForeignKey(Section, null=True, on_delete=models.CASCADE)
    class Meta:
        unique_together = ("book", "section")
def count_view(book, section):
    label = section.title if section else "whole book"
    log.info(label)
    if section is None:
        return None
    return View.objects.get_or_create(book=book, section=section)[0]
#% counted under the test
class View(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    section = models.ForeignKey(Section, null=True, on_delete=models.CASCADE)
    class Meta:
        unique_together = ("book", "section")
def count_view(book, section):
    return View.objects.get_or_create(book=book, section=section)[0]
def shown(request, book, section):
    label = section.title if section else "whole book"
    if section:
        count_view(book=book, section=section)
    return HttpResponse(label)
