#% the lock is on a queryset that is only updated, after what was tested -> add_child
class Node(models.Model):
    children = models.IntegerField(default=0)
    path = models.CharField(max_length=100)
@transaction.atomic
def add_child(node):
    locked = Node.objects.filter(pk=node.pk).select_for_update()
    if node.children == 0:
        path = node.path + "1"
    else:
        path = node.path + next_step(node)
    locked.update(children=F("children") + 1)
    return path
