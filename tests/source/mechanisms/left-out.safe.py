#% one that is taken meanwhile is handled
class Shelf(models.Model):
    name = models.CharField(max_length=40)
    def rename_boxes(self):
        renamed = []
        for box in Box.objects.filter(shelf=self):
            name = f"{self.name}-{box.number}"
            if Box.objects.filter(name=name).exclude(pk=box.pk).exists():
                continue
            box.name = name
            renamed.append(box)
        try:
            with transaction.atomic():
                Box.objects.bulk_update(renamed, ["name"])
        except IntegrityError:
            raise Taken()
class Box(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE)
    number = models.IntegerField()
    name = models.CharField(max_length=40, unique=True)
#% one row, refused where its name is taken meanwhile
class Box(models.Model):
    name = models.CharField(max_length=40, unique=True)
def rename(pk, name):
    box = Box.objects.get(pk=pk)
    if Box.objects.filter(name=name).exclude(pk=pk).exists():
        raise Taken()
    box.name = name
    box.save(update_fields=["name"])
