#% added up, deleted, and made anew by what they came to -> merge_shares
class Line(models.Model):
    pass
class Share(models.Model):
    line = models.ForeignKey(Line, related_name="shares", on_delete=models.CASCADE)
    amount = models.IntegerField()
@transaction.atomic
def merge_shares(line: Line, more):
    held = line.shares.aggregate(total=Sum("amount"))["total"] or 0
    line.shares.all().delete()
    Share.objects.create(line=line, amount=held + more)
