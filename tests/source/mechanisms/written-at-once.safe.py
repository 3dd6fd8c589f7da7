#% both name what they change
class Animal(models.Model):
    fed = models.DateTimeField(null=True)
    stall = models.IntegerField()
def move_all(pairs):
    moved = set()
    for animal, stall in pairs:
        animal.stall = stall
        moved.add(animal)
    Animal.objects.bulk_update(list(moved), ["stall"])
def feed(request, pk):
    animal = Animal.objects.get(pk=pk)
    animal.fed = timezone.now()
    animal.save(update_fields=["fed"])
#% the same column is given by both
class Animal(models.Model):
    stall = models.IntegerField()
def move_all(pairs):
    moved = set()
    for animal, stall in pairs:
        animal.stall = stall
        moved.add(animal)
    Animal.objects.bulk_update(list(moved), ["stall"])
def move(request, pk):
    animal = Animal.objects.get(pk=pk)
    animal.stall = int(request.POST["stall"])
    animal.save()
