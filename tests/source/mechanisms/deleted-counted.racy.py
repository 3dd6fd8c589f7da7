#% asked for, deleted, counted down -> remove_vote
class Vote(models.Model):
    song = models.ForeignKey(Song, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
class Total(models.Model):
    song = models.OneToOneField(Song, on_delete=models.CASCADE)
    count = models.IntegerField(default=0)
@transaction.atomic
def remove_vote(song, user):
    votes = Vote.objects.filter(song=song, user=user)
    if not votes.exists():
        return
    votes.delete()
    total, _ = Total.objects.get_or_create(song=song)
    total.count = F("count") - 1
    total.save()
#% read, deleted, counted down -> leave
class Member(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
def leave(request, pk):
    member = Member.objects.get(team_id=pk, user=request.user)
    member.delete()
    Team.objects.filter(pk=pk).update(size=F("size") - 1)
#% the old refresh token is deleted, the new one is a row -> Validator.save_token
class RefreshToken(models.Model):
    token = models.CharField(max_length=80)
    def revoke(self):
        self.delete()
class Validator:
    def save_token(self, token, request):
        if request.refresh_token:
            try:
                RefreshToken.objects.get(token=request.refresh_token).revoke()
            except RefreshToken.DoesNotExist:
                pass
        fresh = RefreshToken(user=request.user, token=token["refresh_token"])
        fresh.save()
#% the old one is read and deleted, a new one made -> renew
class AppToken(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    digest = models.CharField(max_length=80)
    @classmethod
    def make(cls, user):
        return cls.objects.create(user=user, digest=new_digest())
def renew(request):
    try:
        AppToken.objects.get(user=request.user).delete()
    except AppToken.DoesNotExist:
        pass
    return AppToken.make(request.user)
