#% one after the other
from mptt.models import MPTTModel
class Region(MPTTModel):
    name = models.CharField(max_length=80)
@transaction.atomic
def add_region(name, parent):
    with advisory_lock("regions"):
        return Region.objects.create(name=name, parent=parent)
#% the tree's root is locked
from mptt.models import MPTTModel
class Region(MPTTModel):
    name = models.CharField(max_length=80)
@transaction.atomic
def add_region(name, tree):
    root = Region.objects.select_for_update().get(tree_id=tree, parent=None)
    return Region.objects.create(name=name, parent=root)
#% a tree by parents alone
class Region(models.Model):
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
@transaction.atomic
def add_region(name, parent):
    return Region.objects.create(name=name, parent=parent)
