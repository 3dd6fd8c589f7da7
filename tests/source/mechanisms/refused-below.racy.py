#% seen to for each, by a function that answers a conflict with an error -> Watchers.ensure
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
    except IntegrityError as error:
        raise Conflict("there is one") from error
class Watchers:
    def ensure(self, user):
        for board in Board.objects.filter(owner=user):
            if not is_watching(board, user):
                make_watch(board, user)
