#% sent when the admin's transaction has committed
class Label(models.Model):
    text = models.CharField(max_length=20)
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        transaction.on_commit(lambda: relabel.delay(self.pk))
admin.site.register(Label)
#% nobody saves it in a transaction
class Label(models.Model):
    text = models.CharField(max_length=20)
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        relabel.delay(self.pk)
#% the worker is told all it needs, and looks for no row
class Label(models.Model):
    text = models.CharField(max_length=20)
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        print_text.delay(self.text)
admin.site.register(Label)
#% due in an hour
class Label(models.Model):
    text = models.CharField(max_length=20)
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        relabel.apply_async(args=[self.pk], countdown=3600)
admin.site.register(Label)
#% the method that is connected waits for the commit
class Page(models.Model):
    text = models.TextField()
admin.site.register(Page)
class Index(Processor):
    def setup(self):
        for model in models_in_index():
            signals.post_save.connect(self.on_saved, sender=model)
    def on_saved(self, sender, instance, **kwargs):
        transaction.on_commit(lambda: index_row.delay(instance._meta.label, instance.pk))
#% it is connected, but no signal of rows, and nobody sends it in a save
class Index(Processor):
    def setup(self):
        worker_ready.connect(self.on_ready)
    def on_ready(self, sender, **kwargs):
        warm_up.delay(self.name)
