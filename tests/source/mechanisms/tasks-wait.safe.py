#% all of them wait
def after_commit(func):
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
        with transaction.atomic():
            self.active = False
            self.save(update_fields=["active"])
            after_commit(lambda: release_contact.delay(self.pk))
#% none of them waits: nobody here has a transaction around it
class Contact(models.Model):
    active = models.BooleanField(default=True)
    name = models.CharField(max_length=40)
    def rename(self, name):
        self.name = name
        self.save(update_fields=["name"])
        index_contact.delay(self.pk)
    def release(self):
        self.active = False
        self.save(update_fields=["active"])
        release_contact.delay(self.pk)
#% told all that it needs, and not which row
class Contact(models.Model):
    active = models.BooleanField(default=True)
    email = models.EmailField()
    def rename(self, name):
        self.name = name
        self.save(update_fields=["name"])
        transaction.on_commit(lambda: index_contact.delay(self.pk))
    def restore(self):
        self.active = True
        self.save(update_fields=["active"])
        transaction.on_commit(lambda: restore_contact.delay(self.pk))
    def release(self):
        self.active = False
        self.save(update_fields=["active"])
        say_goodbye.delay(self.email)
#% by a helper of the project, in a transaction
def after_commit(func):
    transaction.on_commit(func)
@transaction.atomic
def order(request):
    made = Order.objects.create(user=request.user)
    after_commit(lambda: charge.delay(made.pk))
