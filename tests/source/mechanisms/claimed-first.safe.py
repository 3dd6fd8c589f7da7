# Only one of all who come for a row passes its claim.
#% made by the one who has claimed the row, in a called function that says so -> close_round
class Round(models.Model):
    state = models.CharField(max_length=10)
class Score(models.Model):
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scores")
class Rounds:
    def claim(self, round):
        if round.scores.filter(final=False).exists():
            return False
        claimed = Round.objects.filter(pk=round.pk, state="open").update(state="closed")
        if not claimed:
            logger.info("closed by another one")
            return False
        round.state = "closed"
        return True
    def close_round(self, pk):
        round = Round.objects.get(pk=pk)
        if not self.claim(round):
            return round
        Score.objects.bulk_create([Score(round=round, points=0)])
#% the same, in one function -> close_round
class Round(models.Model):
    state = models.CharField(max_length=10)
class Score(models.Model):
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scores")
def close_round(request, pk):
    round = Round.objects.get(pk=pk)
    if round.scores.exists() or not Round.objects.filter(pk=pk, state="open").update(state="closed"):
        return
    Score.objects.create(round=round, points=0)
