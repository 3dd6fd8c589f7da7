#% the thing voted on is locked around it
class Like(models.Model):
    photo = models.ForeignKey("Photo", on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    value = models.IntegerField()

    class Meta:
        unique_together = ("photo", "user")


@transaction.atomic
def toggle_like(request, photo_id):
    photo = Photo.objects.select_for_update().get(pk=photo_id)
    like, created = Like.objects.get_or_create(photo=photo, user=request.user, defaults={"value": 1})
    if not created:
        like.delete()
    return JsonResponse({"liked": created})
#% deleted first, made only where nothing was deleted
class Like(models.Model):
    photo = models.ForeignKey("Photo", on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        unique_together = ("photo", "user")


def toggle_like(request, photo_id):
    deleted, _ = Like.objects.filter(photo_id=photo_id, user=request.user).delete()
    if not deleted:
        Like.objects.get_or_create(photo_id=photo_id, user=request.user)
    return JsonResponse({"liked": not deleted})
#% set to what was asked for, and not to the opposite
class Choice(models.Model):
    poll = models.ForeignKey("Poll", on_delete=models.CASCADE)
    member = models.ForeignKey(User, on_delete=models.CASCADE)
    option = models.CharField(max_length=10)

    class Meta:
        unique_together = [("poll", "member")]


def choose(request, poll_id):
    Choice.objects.update_or_create(
        poll_id=poll_id, member=request.user, defaults={"option": request.POST["option"]}
    )
    return JsonResponse({})
#% an expired row is taken out
class Session(models.Model):
    key = models.CharField(max_length=40, unique=True)
    expires = models.DateTimeField()


def open_session(request, key):
    session, created = Session.objects.get_or_create(key=key, defaults={"expires": later()})
    if not created and session.expires < timezone.now():
        session.delete()
        return None
    return session
#% the row is locked once it is there
class Choice(models.Model):
    poll = models.ForeignKey("Poll", on_delete=models.CASCADE)
    member = models.ForeignKey(User, on_delete=models.CASCADE)
    option = models.CharField(max_length=10)

    class Meta:
        unique_together = [("poll", "member")]


@transaction.atomic
def choose(request, poll_id):
    wanted = request.POST["option"]
    choice, created = Choice.objects.select_for_update().get_or_create(
        poll_id=poll_id, member=request.user, defaults={"option": wanted}
    )
    if not created:
        if choice.option == wanted:
            choice.delete()
        else:
            choice.option = wanted
            choice.save(update_fields=["option"])
    return JsonResponse({})
#% the user is locked before the members are looked at
class Activity(models.Model):
    favourites = models.ManyToManyField(User)


@transaction.atomic
def favourite(request, pk):
    activity = get_object_or_404(Activity, pk=pk)
    user = User.objects.select_for_update().get(pk=request.user.pk)
    if activity.favourites.filter(pk=user.pk).exists():
        activity.favourites.remove(user)
    else:
        activity.favourites.add(user)
    return HttpResponse()
#% told which of the two, and asked only for the answer
class Activity(models.Model):
    favourites = models.ManyToManyField(User)


def favourite(request, pk):
    activity = get_object_or_404(Activity, pk=pk)
    if request.POST["on"] == "yes":
        activity.favourites.add(request.user)
    else:
        activity.favourites.remove(request.user)
    return HttpResponse()
#% moved from one relation to another
class Activity(models.Model):
    waiting = models.ManyToManyField(User, related_name="+")
    admitted = models.ManyToManyField(User, related_name="+")


def admit(request, pk):
    activity = get_object_or_404(Activity, pk=pk)
    if activity.waiting.filter(pk=request.user.pk).exists():
        activity.waiting.remove(request.user)
        activity.admitted.add(request.user)
    return HttpResponse()
