#% a class method that is inherited makes the row of the class that is called -> Event.process
class Base(models.Model):
    id = models.CharField(max_length=40, primary_key=True)
    class Meta:
        abstract = True
    @classmethod
    def record_of(cls, data):
        record = {}
        for field in cls._meta.fields:
            record[field.name] = data.get(field.name)
        return record
    @classmethod
    def make(cls, data):
        row = cls(**cls.record_of(data))
        row.save()
        return row
class Event(Base):
    kind = models.CharField(max_length=40)
    @classmethod
    def process(cls, data):
        found = cls.objects.filter(id=data["id"])
        if found.exists():
            return found.first()
        with transaction.atomic():
            row = cls.make(data)
            run_handlers(row)
            return row
#% a relation through another manager -> version_of
class Version(models.Model):
    project = models.ForeignKey("Project", related_name="versions", on_delete=models.CASCADE)
    name = models.CharField(max_length=40)
def version_of(project, name):
    found = project.versions(manager="external").filter(name=name).first()
    if found:
        return found
    return Version.objects.create(project=project, name=name)
#% told by a backend that is not known, of the rows of all tables -> on_save
class Backend:
    def emit_event(self, message):
        raise NotImplementedError
class RabbitBackend(Backend):
    def emit_event(self, message):
        self.channel.basic_publish(message, exchange="events")
class NullBackend(Backend):
    def emit_event(self, message):
        log.info(message)
def on_save(sender, instance, created, **kwargs):
    backends.get_backend().emit_event({"pk": instance.pk})
signals.post_save.connect(on_save, dispatch_uid="events")
