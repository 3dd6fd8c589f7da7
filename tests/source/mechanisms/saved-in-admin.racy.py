# What leaves with a row that Django's admin saves. One gap a heading.
#% a model's own save sends a task, and the admin saves it -> Label.save
class Label(models.Model):
    text = models.CharField(max_length=20)
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        relabel.delay(self.pk)
admin.site.register(Label)
#% it is changed among the lines of another row -> Choice.save
class Choice(models.Model):
    field = models.ForeignKey("Field", on_delete=models.CASCADE)
    text = models.CharField(max_length=20)
    def save(self, *args, **kwargs):
        before = Choice.objects.filter(pk=self.pk).first()
        super().save(*args, **kwargs)
        if before and before.text != self.text:
            rename_choice.delay(self.field.pk, before.text, self.text)
class ChoiceInline(admin.TabularInline):
    extra = 2
    model = Choice
#% it sends a signal, of which a method sends the task -> DevicesConfig.on_changed
changed = Signal()
class BaseDevice(models.Model):
    name = models.CharField(max_length=20)
    class Meta:
        abstract = True
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        changed.send(sender=self.__class__, device=self)
class Device(BaseDevice):
    pass
@admin.register(Device)
class DeviceAdmin(admin.ModelAdmin):
    list_display = ["name"]
class DevicesConfig(AppConfig):
    def ready(self):
        changed.connect(self.on_changed, dispatch_uid="devices")
    @classmethod
    def on_changed(cls, **kwargs):
        configure.delay(kwargs["device"].pk)
#% a method is connected to the signals of many models -> Index.on_saved|Index.on_deleted
class Page(models.Model):
    text = models.TextField()
admin.site.register(Page)
class Index(Processor):
    def setup(self):
        for model in models_in_index():
            signals.post_save.connect(self.on_saved, sender=model)
            signals.post_delete.connect(self.on_deleted, sender=model)
    def on_saved(self, sender, instance, **kwargs):
        index_row.delay(instance._meta.label, instance.pk)
    def on_deleted(self, sender, instance, **kwargs):
        unindex_row.delay(instance._meta.label, instance.pk)
