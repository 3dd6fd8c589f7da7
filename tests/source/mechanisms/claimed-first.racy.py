# Where a claim says nothing.
#% claimed, but what is looked for belongs to something else -> close_round
class Round(models.Model):
    state = models.CharField(max_length=10)
class Score(models.Model):
    club = models.ForeignKey("Club", on_delete=models.CASCADE, related_name="scores")
def close_round(request, pk, club):
    if Score.objects.filter(club=club).exists():
        return
    if not Round.objects.filter(pk=pk, state="open").update(state="closed"):
        return
    Score.objects.create(club=club, points=0)
#% made where the claim has failed -> close_round
class Round(models.Model):
    state = models.CharField(max_length=10)
class Score(models.Model):
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scores")
def close_round(request, pk):
    round = Round.objects.get(pk=pk)
    if round.scores.exists() or Round.objects.filter(pk=pk, state="open").update(state="closed"):
        return
    Score.objects.create(round=round, points=0)
#% nobody looks at how many rows were changed -> close_round
class Round(models.Model):
    state = models.CharField(max_length=10)
class Score(models.Model):
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scores")
def close_round(request, pk):
    round = Round.objects.get(pk=pk)
    if round.scores.exists():
        return
    Round.objects.filter(pk=pk, state="open").update(state="closed")
    Score.objects.create(round=round, points=0)
#% touched, not claimed: it is found as before -> close_round
class Round(models.Model):
    state = models.CharField(max_length=10)
class Score(models.Model):
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scores")
def close_round(request, pk):
    round = Round.objects.get(pk=pk)
    if round.scores.exists() or not Round.objects.filter(pk=pk, state="open").update(state="open"):
        return
    Score.objects.create(round=round, points=0)
