#% both in one transaction
class Harbour(models.Model):
    name = models.CharField(max_length=40)
def rename(request, pk):
    harbour = Harbour.objects.get(pk=pk)
    harbour.name = request.POST["name"]
    with transaction.atomic():
        harbour.save(update_fields=["name"])
        table = log_table_of(harbour)
        table.objects.log_action(harbour, "rename", user=request.user)
#% an entry about another row
class Harbour(models.Model):
    name = models.CharField(max_length=40)
class Ship(models.Model):
    name = models.CharField(max_length=40)
def rename(request, pk, ship_pk):
    harbour = Harbour.objects.get(pk=pk)
    harbour.name = request.POST["name"]
    harbour.save(update_fields=["name"])
    ship = Ship.objects.get(pk=ship_pk)
    table = log_table_of(ship)
    table.objects.log_action(ship, "seen")
#% a line in a file
class Harbour(models.Model):
    name = models.CharField(max_length=40)
def rename(request, pk):
    harbour = Harbour.objects.get(pk=pk)
    harbour.name = request.POST["name"]
    harbour.save(update_fields=["name"])
    logger.log(harbour, "rename")
