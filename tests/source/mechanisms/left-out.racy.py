#% names that are taken are left out, and one that is taken meanwhile fails all -> Shelf.rename_boxes
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
        if renamed:
            Box.objects.bulk_update(renamed, ["name"])
class Box(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE)
    number = models.IntegerField()
    name = models.CharField(max_length=40, unique=True)
#% of a table of its own that takes its relation from an abstract one -> Cable.rename_below
class Line(models.Model):
    above = models.ForeignKey("self", null=True, related_name="below", on_delete=models.CASCADE)
    name = models.CharField(max_length=40, unique=True)
    class Meta:
        abstract = True
class Cable(Line):
    def rename_below(self):
        renamed = []
        for line in self.below.all():
            name = f"{self.name}:{line.pk}"
            if Cable.objects.filter(name=name).exclude(pk=line.pk).exists():
                continue
            line.name = name
            renamed.append(line)
        if renamed:
            Cable.objects.bulk_update(renamed, ["name"])
class Pipe(Line):
    pass
