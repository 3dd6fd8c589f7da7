#% seen to for each, by a function that takes what is there
class Watch(models.Model):
    board = models.ForeignKey(Board, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    class Meta:
        unique_together = [("board", "user")]
def is_watching(board, user):
    return Watch.objects.filter(board=board, user=user).exists()
def make_watch(board, user):
    try:
        return Watch.objects.create(board=board, user=user)
    except IntegrityError:
        return None
class Watchers:
    def ensure(self, user):
        for board in Board.objects.filter(owner=user):
            if not is_watching(board, user):
                make_watch(board, user)
#% who asks for one that is there is told so, earlier or later
class Watch(models.Model):
    board = models.ForeignKey(Board, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    class Meta:
        unique_together = [("board", "user")]
def make_watch(board, user):
    try:
        return Watch.objects.create(board=board, user=user)
    except IntegrityError as error:
        raise Conflict("there is one") from error
def watch(request, pk):
    board = Board.objects.get(pk=pk)
    if Watch.objects.filter(board=board, user=request.user).exists():
        raise Conflict("there is one")
    make_watch(board, request.user)
