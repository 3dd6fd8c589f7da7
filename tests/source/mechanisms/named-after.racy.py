#% a parameter called as its model, with a relation of it -> add_track
class Album(models.Model):
    title = models.CharField(max_length=80)
class Track(models.Model):
    album = models.ForeignKey(Album, related_name="tracks", on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
def add_track(album, name):
    track, _ = album.tracks.get_or_create(name=name)
    return track
#% two words -> note
class SalesOrder(models.Model):
    number = models.CharField(max_length=80)
class Note(models.Model):
    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE)
    kind = models.CharField(max_length=80)
def note(sales_order, kind):
    sales_order.note_set.update_or_create(kind=kind, defaults={"seen": False})
#% a proxy's rows are its table's, and a library adds columns alone -> add_track
from django_extensions.db.models import TimeStampedModel
class Album(models.Model):
    title = models.CharField(max_length=80)
class Track(TimeStampedModel):
    album = models.ForeignKey(Album, related_name="tracks", on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
class ShownTrack(Track):
    class Meta:
        proxy = True
def add_track(album, name):
    track, _ = album.tracks.get_or_create(name=name)
    return track
#% a manager that looks for no more than it is given -> LayoutManager.get_or_create|layout_of
class LayoutManager(models.Manager):
    def get_or_create(self, **kwargs):
        log.info("layout")
        return super().get_or_create(state="open", **kwargs)
class Layout(models.Model):
    name = models.CharField(max_length=64)
    state = models.CharField(max_length=64)
    objects = LayoutManager()
def layout_of(name):
    layout, _ = Layout.objects.get_or_create(name=name)
    return layout
