#% many are given a column at once by another -> feed
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
    animal.save()
#% another column is saved by a function that is given the row -> feed
class Animal(models.Model):
    fed = models.DateTimeField(null=True)
    stall = models.IntegerField()
def put(animal, stall):
    animal.stall = stall
    animal.save(update_fields=["stall"])
def gather(request):
    for animal in Animal.objects.filter(stall=None):
        put(animal, 1)
def feed(request, pk):
    animal = Animal.objects.get(pk=pk)
    animal.fed = timezone.now()
    animal.save()
