#% no value is no value for a unique constraint -> root_folder
class Folder(models.Model):
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    class Meta:
        unique_together = ("parent", "name")
def root_folder(name):
    folder, created = Folder.objects.get_or_create(parent=None, name=name)
    return folder
#% the default of an argument is no value -> setting
class Setting(models.Model):
    tenant = models.ForeignKey("Tenant", null=True, on_delete=models.CASCADE)
    key = models.CharField(max_length=100)
    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="once")]
def setting(key, tenant=None):
    return Setting.objects.get_or_create(tenant=tenant, key=key)[0]
#% one of several is always empty -> flag
class Flag(models.Model):
    item = models.IntegerField()
    user = models.ForeignKey("auth.User", null=True, on_delete=models.CASCADE)
    ip = models.CharField(max_length=40, null=True)
    session = models.CharField(max_length=40, null=True)
    class Meta:
        unique_together = (("item", "user", "ip", "session"),)
def flag(request, item):
    user, ip, session = who(request)
    return Flag.objects.get_or_create(item=item, user=user, ip=ip, session=session)
#% taken for something that may be missing, and given all the same -> count_view
class View(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    section = models.ForeignKey(Section, null=True, on_delete=models.CASCADE)
    day = models.DateField()
    class Meta:
        unique_together = ("book", "section", "day")
def count_view(book, section, day):
    return View.objects.get_or_create(book=book, section=section, day=day)[0]
def shown(request, book, section):
    label = request.path
    if not section:
        label = "whole book"
    log.info(label)
    count_view(book=book, section=section, day=today())
#% in one line -> count_view
class View(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    section = models.ForeignKey(Section, null=True, on_delete=models.CASCADE)
    class Meta:
        unique_together = ("book", "section")
def count_view(book, section):
    label = section.title if section else "whole book"
    log.info(label)
    return View.objects.get_or_create(book=book, section=section)[0]
