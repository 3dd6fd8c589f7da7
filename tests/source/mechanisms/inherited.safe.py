#% what is asked for is another table's
class Base(models.Model):
    class Meta:
        abstract = True
    @classmethod
    def make(cls, name):
        row = cls(name=name)
        row.save()
        return row
class Word(models.Model):
    name = models.CharField(max_length=40)
class Event(Base):
    name = models.CharField(max_length=40)
    @classmethod
    def process(cls, name):
        if not Word.objects.filter(name=name).exists():
            return cls.make(name)
#% told once the transaction has committed
class Backend:
    def emit_event(self, message):
        raise NotImplementedError
class RabbitBackend(Backend):
    def emit_event(self, message):
        self.channel.basic_publish(message, exchange="events")
def on_save(sender, instance, created, **kwargs):
    transaction.on_commit(lambda: backends.get_backend().emit_event({"pk": instance.pk}))
signals.post_save.connect(on_save, dispatch_uid="events")
