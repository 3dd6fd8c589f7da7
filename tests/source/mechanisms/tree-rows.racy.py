#% a name is free among the rows of one parent -> Folder.save
class Folder(models.Model):
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    def save(self, *args, **kwargs):
        if Folder.objects.filter(parent_id=self.parent_id, name=self.name).exists():
            raise ValidationError("taken")
        super().save(*args, **kwargs)
