#% how many were deleted decides
class Vote(models.Model):
    song = models.ForeignKey(Song, on_delete=models.CASCADE)
class Total(models.Model):
    song = models.OneToOneField(Song, on_delete=models.CASCADE)
    count = models.IntegerField(default=0)
def remove_vote(song, user):
    deleted, _ = Vote.objects.filter(song=song, user=user).delete()
    if deleted:
        Total.objects.filter(song=song).update(count=F("count") - 1)
#% locked before it is asked
class Vote(models.Model):
    song = models.ForeignKey(Song, on_delete=models.CASCADE)
class Total(models.Model):
    song = models.OneToOneField(Song, on_delete=models.CASCADE)
    count = models.IntegerField(default=0)
@transaction.atomic
def remove_vote(song, user):
    total = Total.objects.select_for_update().get(song=song)
    votes = Vote.objects.filter(song=song, user=user)
    if not votes.exists():
        return
    votes.delete()
    total.count = F("count") - 1
    total.save()
#% another table is counted than what was asked for
class Vote(models.Model):
    song = models.ForeignKey(Song, on_delete=models.CASCADE)
class Draft(models.Model):
    song = models.ForeignKey(Song, on_delete=models.CASCADE)
@transaction.atomic
def publish(song):
    Draft.objects.filter(song=song).delete()
    Song.objects.filter(pk=song.pk).update(edits=F("edits") + 1)
#% the old one is locked, and there is one at most
class AppToken(models.Model):
    user = models.OneToOneField("auth.User", on_delete=models.CASCADE)
    digest = models.CharField(max_length=80)
def renew(request):
    with transaction.atomic():
        User.objects.select_for_update().get(pk=request.user.pk)
        try:
            AppToken.objects.get(user=request.user).delete()
        except AppToken.DoesNotExist:
            pass
        return AppToken.objects.create(user=request.user, digest=new_digest())
