#% whether one was deleted is looked at
class Photo(models.Model):
    likes = models.IntegerField(default=0)
class Like(models.Model):
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
def unlike(request, pk):
    deleted, _ = Like.objects.filter(photo_id=pk, user=request.user).delete()
    if deleted:
        Photo.objects.filter(pk=pk).update(likes=F("likes") - 1)
#% the row that is deleted is locked
class Photo(models.Model):
    likes = models.IntegerField(default=0)
class Like(models.Model):
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
@transaction.atomic
def unlike(request, pk):
    like = get_object_or_404(Like.objects.select_for_update(), photo_id=pk, user=request.user)
    like.delete()
    Photo.objects.filter(pk=pk).update(likes=F("likes") - 1)
#% the row that counts is locked before the search
class Club(models.Model):
    size = models.IntegerField(default=0)
class Member(models.Model):
    club = models.ForeignKey(Club, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
@transaction.atomic
def leave(request, pk):
    club = Club.objects.select_for_update().get(pk=pk)
    member = Member.objects.filter(club=club, user=request.user).first()
    if member is None:
        return
    member.delete()
    club.size = F("size") - 1
    club.save(update_fields=["size"])
#% a version goes on, which counts no rows
class Cart(models.Model):
    version = models.IntegerField(default=0)
class Line(models.Model):
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE)
def empty(request, pk):
    Line.objects.filter(cart_id=pk).delete()
    Cart.objects.filter(pk=pk).update(version=F("version") + 1)
#% it is counted anew
class Club(models.Model):
    size = models.IntegerField(default=0)
class Member(models.Model):
    club = models.ForeignKey(Club, on_delete=models.CASCADE)
def leave(request, pk):
    Member.objects.filter(club_id=pk, user=request.user).delete()
    Club.objects.filter(pk=pk).update(size=Subquery(sizes()))
#% only who has moved the row on comes to it
class Article(models.Model):
    stock = models.IntegerField(default=0)
class Line(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    quantity = models.IntegerField()
    state = models.CharField(max_length=9)
def remove_line(request, pk):
    line = get_object_or_404(Line, pk=pk)
    if not Line.objects.filter(pk=pk, state="open").update(state="removed"):
        return
    Article.objects.filter(pk=line.article_id).update(stock=F("stock") + line.quantity)
    line.delete()
#% what is counted down is another arm's
class Photo(models.Model):
    likes = models.IntegerField(default=0)
    views = models.IntegerField(default=0)
def show(request, pk):
    photo = get_object_or_404(Photo, pk=pk)
    if request.method == "DELETE":
        photo.delete()
    else:
        Quota.objects.filter(user=request.user).update(left=F("left") - 1)
#% one request's own row
class Quota(models.Model):
    left = models.IntegerField(default=0)
class Draft(models.Model):
    text = models.TextField()
def send(request):
    draft = Draft.objects.create(text=request.POST["text"])
    deliver(draft)
    draft.delete()
    Quota.objects.filter(user=request.user).update(left=F("left") - 1)
#% what is deleted is an entry of an index, and what is counted something else
class Comment(models.Model):
    post = models.ForeignKey("Post", on_delete=models.CASCADE)
class Seen(models.Model):
    post = models.ForeignKey("Post", on_delete=models.CASCADE)
    unread = models.IntegerField(default=0)
class SearchEntry(models.Model):
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE)
def hide(request, pk):
    with transaction.atomic():
        comment = Comment.objects.select_related("post").select_for_update().get(pk=pk)
        if comment.hidden:
            return
        comment.hidden = True
        comment.save(update_fields=["hidden"])
    Seen.objects.filter(post=comment.post, user__isnull=False).update(unread=F("unread") - 1)
    SearchEntry.objects.filter(comment=comment).delete()
#% the table is locked by a context manager of the project's own, around search and deletion
class Vote(models.Model):
    comment = models.ForeignKey("Comment", on_delete=models.CASCADE)
    score = models.IntegerField()
class TableLock:
    def __init__(self, write):
        self.tables = ", ".join(model._meta.db_table for model in write)
        self.cursor = connection.cursor()
    def __enter__(self):
        self.cursor.execute("LOCK TABLES " + self.tables)
    def __exit__(self, kind, value, trace):
        self.cursor.execute("UNLOCK TABLES")
def withdraw(request, pk):
    with TableLock(write=(Vote,)):
        vote = get_object_or_404(Vote, comment_id=pk, user=request.user)
        vote.delete()
    Comment.objects.filter(pk=pk).update(score=F("score") - vote.score)
