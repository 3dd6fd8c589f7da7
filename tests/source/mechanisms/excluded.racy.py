#% days that are there already are taken away -> plan
class Shift(models.Model):
    day = models.IntegerField()
    crew = models.ForeignKey("Crew", on_delete=models.CASCADE)
class Crew(models.Model):
    name = models.CharField(max_length=10)
def plan(crew, days):
    known = set(row["day"] for row in Shift.objects.filter(crew=crew).values("day"))
    fresh = set(days).difference(known)
    Shift.objects.bulk_create([Shift(crew=crew, day=day) for day in fresh])
#% the same with an operator, one after the other -> plan
class Shift(models.Model):
    day = models.IntegerField()
    crew = models.ForeignKey("Crew", on_delete=models.CASCADE)
class Crew(models.Model):
    name = models.CharField(max_length=10)
def plan(crew, days):
    known = {shift.day for shift in Shift.objects.filter(crew=crew)}
    for day in set(days) - known:
        Shift.objects.create(crew=crew, day=day)
#% the same, as a condition of a list -> plan
class Shift(models.Model):
    day = models.IntegerField()
    crew = models.ForeignKey("Crew", on_delete=models.CASCADE)
class Crew(models.Model):
    name = models.CharField(max_length=10)
def plan(crew, days):
    known = [shift.day for shift in crew.shift_set.all()]
    Shift.objects.bulk_create([Shift(crew=crew, day=day) for day in days if day not in known])
