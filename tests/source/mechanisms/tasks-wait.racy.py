#% the other methods of the file wait for the commit -> Contact.release
class Contact(models.Model):
    active = models.BooleanField(default=True)
    name = models.CharField(max_length=40)
    def rename(self, name):
        self.name = name
        self.save(update_fields=["name"])
        transaction.on_commit(lambda: index_contact.delay(self.pk))
    def restore(self):
        self.active = True
        self.save(update_fields=["active"])
        transaction.on_commit(lambda: restore_contact.delay(self.pk))
    def release(self):
        with transaction.atomic():
            self.active = False
            self.save(update_fields=["active"])
        release_contact.delay(self.pk)
#% by a helper of the project -> Contact.release
def after_commit(func):
    if settings.TESTING:
        func()
    else:
        transaction.on_commit(func)
class Contact(models.Model):
    active = models.BooleanField(default=True)
    name = models.CharField(max_length=40)
    def rename(self, name):
        self.name = name
        self.save(update_fields=["name"])
        after_commit(lambda: index_contact.delay(self.pk))
    def restore(self):
        self.active = True
        self.save(update_fields=["active"])
        after_commit(lambda: restore_contact.delay(self.pk))
    def release(self):
        self.active = False
        self.save(update_fields=["active"])
        release_contact.delay(self.pk)
@shared_task
def release_all(pks):
    for contact in Contact.objects.filter(pk__in=pks):
        contact.release()
