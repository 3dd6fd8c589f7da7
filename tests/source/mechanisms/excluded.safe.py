#% the crew is locked before its days are read
class Shift(models.Model):
    day = models.IntegerField()
    crew = models.ForeignKey("Crew", on_delete=models.CASCADE)
class Crew(models.Model):
    name = models.CharField(max_length=10)
@transaction.atomic
def plan(pk, days):
    crew = Crew.objects.select_for_update().get(pk=pk)
    known = {shift.day for shift in Shift.objects.filter(crew=crew)}
    fresh = set(days).difference(known)
    Shift.objects.bulk_create([Shift(crew=crew, day=day) for day in fresh])
#% the second one is refused, and that is looked at
class Shift(models.Model):
    day = models.IntegerField()
    crew = models.ForeignKey("Crew", on_delete=models.CASCADE)
    class Meta:
        unique_together = [("crew", "day")]
class Crew(models.Model):
    name = models.CharField(max_length=10)
def plan(crew, days):
    known = {shift.day for shift in Shift.objects.filter(crew=crew)}
    try:
        with transaction.atomic():
            Shift.objects.bulk_create([Shift(crew=crew, day=day) for day in set(days) - known])
    except IntegrityError:
        return False
    return True
#% the database leaves out those that are there
class Shift(models.Model):
    day = models.IntegerField()
    crew = models.ForeignKey("Crew", on_delete=models.CASCADE)
    class Meta:
        unique_together = [("crew", "day")]
class Crew(models.Model):
    name = models.CharField(max_length=10)
def plan(crew, days):
    known = {shift.day for shift in Shift.objects.filter(crew=crew)}
    Shift.objects.bulk_create([Shift(crew=crew, day=day) for day in set(days) - known], ignore_conflicts=True)
#% rows that are there are copied to another crew
class Shift(models.Model):
    day = models.IntegerField()
    crew = models.ForeignKey("Crew", on_delete=models.CASCADE)
class Crew(models.Model):
    name = models.CharField(max_length=10)
def copy(old, new):
    Shift.objects.bulk_create([Shift(crew=new, day=shift.day) for shift in Shift.objects.filter(crew=old)])
