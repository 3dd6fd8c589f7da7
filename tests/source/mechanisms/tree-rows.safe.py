#% where in the tree the parent is, and not whether there is another row like it
class Folder(models.Model):
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    path = models.CharField(max_length=200)
    def makes_circle(self):
        return Folder.objects.filter(pk=self.parent_id, path__startswith=self.path).exists()
    def save(self, *args, **kwargs):
        if self.parent_id and self.makes_circle():
            raise ValidationError("a folder within itself")
        super().save(*args, **kwargs)
