#% unique with what it is called by
class Album(models.Model):
    title = models.CharField(max_length=80)
class Track(models.Model):
    album = models.ForeignKey(Album, related_name="tracks", on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    class Meta:
        unique_together = ("album", "name")
def add_track(album, name):
    track, _ = album.tracks.get_or_create(name=name)
    return track
#% no relation of that name
class Album(models.Model):
    title = models.CharField(max_length=80)
class Track(models.Model):
    album = models.ForeignKey(Album, related_name="tracks", on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
def tag(album, name):
    return album.labels.get_or_create(name=name)
#% two models are called so
class Shop:
    class Album(models.Model):
        title = models.CharField(max_length=80)
def add_track(album, name):
    track, _ = album.tracks.get_or_create(name=name)
    return track
#% a proxy's, which its table keeps apart
class Album(models.Model):
    title = models.CharField(max_length=80)
class Track(models.Model):
    album = models.ForeignKey(Album, related_name="tracks", on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    class Meta:
        unique_together = ("album", "name")
class ShownTrack(Track):
    class Meta:
        proxy = True
def add_track(album, name):
    track, _ = album.tracks.get_or_create(name=name)
    return track
#% what a library adds may be unique with it
from polymorphic.models import PolymorphicModel
class Album(models.Model):
    title = models.CharField(max_length=80)
class Track(PolymorphicModel):
    album = models.ForeignKey(Album, related_name="tracks", on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    class Meta:
        unique_together = ("polymorphic_ctype", "album", "name")
def add_track(album, name):
    track, _ = album.tracks.get_or_create(name=name)
    return track
#% the manager looks for what is unique
class LayoutManager(models.Manager):
    def get_or_create(self, **kwargs):
        data = kwargs.pop("data")
        return super().get_or_create(digest=digest_of(data), defaults={"data": data})
class Layout(models.Model):
    data = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    objects = LayoutManager()
def layout_of(data):
    layout, _ = Layout.objects.get_or_create(data=data)
    return layout
#% rows of another order
class Order(models.Model):
    state = models.CharField(max_length=9)
class Line(models.Model):
    order = models.ForeignKey(Order, related_name="lines", on_delete=models.CASCADE)
    is_gift = models.BooleanField(default=False)
def replace(order, copied):
    if order.lines.filter(is_gift=True).exists():
        raise ValidationError("gifts stay")
    fresh = Order.objects.create(state="draft")
    Line.objects.bulk_create(copied_to(fresh, copied))
