# A row is deleted, and a number elsewhere is changed for it, whether or not one was deleted. One gap a heading.
#% a like is taken back, and likes are counted down -> unlike
class Photo(models.Model):
    likes = models.IntegerField(default=0)
class Like(models.Model):
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
def unlike(request, pk):
    like = get_object_or_404(Like, photo_id=pk, user=request.user)
    like.delete()
    Photo.objects.filter(pk=pk).update(likes=F("likes") - 1)
#% asked whether there is one, in a transaction -> unlike
class Photo(models.Model):
    likes = models.IntegerField(default=0)
class Like(models.Model):
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
@transaction.atomic
def unlike(request, pk):
    likes = Like.objects.filter(photo_id=pk, user=request.user)
    if likes.exists():
        likes.delete()
        Photo.objects.filter(pk=pk).update(likes=F("likes") - 1)
#% counted down by save, after a search that may find nothing -> leave
class Club(models.Model):
    size = models.IntegerField(default=0)
class Member(models.Model):
    club = models.ForeignKey(Club, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
def leave(request, pk):
    club = Club.objects.get(pk=pk)
    try:
        member = Member.objects.get(club=club, user=request.user)
    except Member.DoesNotExist:
        return
    member.delete()
    club.size = F("size") - 1
    club.save(update_fields=["size"])
#% what the line held is given back -> remove_line
class Article(models.Model):
    stock = models.IntegerField(default=0)
class Line(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    quantity = models.IntegerField()
def remove_line(request, pk):
    line = get_object_or_404(Line, pk=pk)
    Article.objects.filter(pk=line.article_id).update(stock=F("stock") + line.quantity)
    line.delete()
#% a manager that keeps its row, and is told which column -> Marks.down
class Marks(models.Manager):
    def __init__(self, through, instance, column=None):
        self.through = through
        self.instance = instance
        self.column = column
    def down(self, user):
        with transaction.atomic():
            self.through.objects.filter(user=user, thing=self.instance).delete()
            setattr(self.instance, self.column, F(self.column) - 1)
            self.instance.save()
