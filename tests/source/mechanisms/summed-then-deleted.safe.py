#% under the lock of the line
class Line(models.Model):
    pass
class Share(models.Model):
    line = models.ForeignKey(Line, related_name="shares", on_delete=models.CASCADE)
    amount = models.IntegerField()
@transaction.atomic
def merge_shares(line_id, more):
    line = Line.objects.select_for_update().get(pk=line_id)
    held = line.shares.aggregate(total=Sum("amount"))["total"] or 0
    line.shares.all().delete()
    Share.objects.create(line=line, amount=held + more)
#% what is made is of another kind, and says what went
class Line(models.Model):
    pass
class Share(models.Model):
    line = models.ForeignKey(Line, related_name="shares", on_delete=models.CASCADE)
    amount = models.IntegerField()
@transaction.atomic
def close(line: Line):
    held = line.shares.aggregate(total=Sum("amount"))["total"] or 0
    line.shares.all().delete()
    log.info("closed with %s", held)
#% those that are added up are left, and others deleted
class Line(models.Model):
    pass
class Share(models.Model):
    line = models.ForeignKey(Line, related_name="shares", on_delete=models.CASCADE)
    amount = models.IntegerField()
    is_old = models.BooleanField(default=False)
@transaction.atomic
def renew(line: Line, amount):
    held = line.shares.exclude(is_old=True).aggregate(total=Sum("amount"))["total"] or 0
    log.info("%s are left", held)
    line.shares.filter(is_old=True).delete()
    Share.objects.create(line=line, amount=amount)
