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
