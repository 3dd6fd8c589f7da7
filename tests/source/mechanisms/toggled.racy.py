#% a like that is made or taken back -> toggle_like
class Like(models.Model):
    photo = models.ForeignKey("Photo", on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        unique_together = ("photo", "user")


def toggle_like(request, photo_id):
    photo = get_object_or_404(Photo, pk=photo_id)
    like, created = Like.objects.get_or_create(photo=photo, user=request.user)
    if not created:
        like.delete()
    return JsonResponse({"liked": created})
#% a choice that is taken back when it is the same, else replaced -> choose
class Choice(models.Model):
    poll = models.ForeignKey("Poll", on_delete=models.CASCADE)
    member = models.ForeignKey(User, on_delete=models.CASCADE)
    option = models.CharField(max_length=10)

    class Meta:
        unique_together = [("poll", "member")]


def choose(request, poll_id):
    wanted = request.POST["option"]
    choice, created = Choice.objects.get_or_create(
        poll_id=poll_id, member=request.user, defaults={"option": wanted}
    )
    if not created:
        if choice.option == wanted:
            choice.delete()
            wanted = None
        else:
            choice.option = wanted
            choice.save(update_fields=["option"])
    return JsonResponse({"option": wanted})
#% a reaction looked for, deleted or made -> ReactionView.post
class Reaction(models.Model):
    message = models.ForeignKey("Message", on_delete=models.CASCADE)
    sender = models.ForeignKey(User, on_delete=models.CASCADE)
    emoji = models.CharField(max_length=8)

    class Meta:
        unique_together = ("message", "sender")


class ReactionView(APIView):
    def post(self, request, pk):
        emoji = request.data["emoji"]
        reaction = Reaction.objects.filter(message_id=pk, sender=request.user).first()
        if reaction is not None and reaction.emoji == emoji:
            reaction.delete()
            return Response({"emoji": None})
        if reaction is not None:
            reaction.emoji = emoji
            reaction.save()
        else:
            Reaction.objects.create(message_id=pk, sender=request.user, emoji=emoji)
        return Response({"emoji": emoji})
#% a bookmark switched on and off -> switch
class Bookmark(models.Model):
    article = models.ForeignKey("Article", on_delete=models.CASCADE)
    reader = models.ForeignKey(User, on_delete=models.CASCADE)
    active = models.BooleanField(default=True)

    class Meta:
        unique_together = ("article", "reader")


def switch(request, article_id):
    bookmark, is_new = Bookmark.objects.get_or_create(article_id=article_id, reader=request.user)
    if not is_new:
        bookmark.active = not bookmark.active
        bookmark.save()
    return JsonResponse({"active": bookmark.active})
#% followed, and unfollowed by the same button -> follow
class Follow(models.Model):
    who = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    whom = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "whom"], name="once")]


@api_view(["POST"])
def follow(request, username):
    whom = get_object_or_404(User, username=username)
    link, made = Follow.objects.get_or_create(who=request.user, whom=whom)
    if made:
        notify.delay(whom.pk, "followed")
        return Response({"following": True})
    link.delete()
    return Response({"following": False})
#% a many-to-many that is asked and then added to or taken from -> star
class Repository(models.Model):
    stars = models.ManyToManyField(User)
    star_count = models.IntegerField(default=0)


def star(request, pk):
    repository = get_object_or_404(Repository, pk=pk)
    if repository.stars.filter(pk=request.user.pk).exists():
        repository.stars.remove(request.user)
        repository.star_count -= 1
    else:
        repository.stars.add(request.user)
        repository.star_count += 1
    repository.save()
    return JsonResponse({"count": repository.star_count})
#% a member of a relation, added or removed by the same button -> favourite
class Activity(models.Model):
    favourites = models.ManyToManyField(User)


@login_required
def favourite(request, pk):
    activity = get_object_or_404(Activity, pk=pk)
    if activity.favourites.filter(pk=request.user.pk).exists():
        activity.favourites.remove(request.user)
        return HttpResponse("removed")
    activity.favourites.add(request.user)
    return HttpResponse("added")
#% asked with "in" -> PostLike.post
class Post(models.Model):
    likes = models.ManyToManyField(User)


class PostLike(APIView):
    def post(self, request, pk):
        post = Post.objects.get(pk=pk)
        if request.user in post.likes.all():
            post.likes.remove(request.user)
        else:
            post.likes.add(request.user)
        return Response({})
