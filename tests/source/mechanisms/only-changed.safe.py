#% the rows are read before anything is tested
class Node(models.Model):
    children = models.IntegerField(default=0)
@transaction.atomic
def add_child(pk):
    locked = Node.objects.filter(pk=pk).select_for_update()
    node = locked.get()
    if node.children > 9:
        raise ValueError("full")
    locked.update(children=F("children") + 1)
#% changed at once
class Node(models.Model):
    closed = models.BooleanField(default=False)
@transaction.atomic
def close(pks, is_late):
    if is_late:
        return
    Node.objects.filter(pk__in=pks).select_for_update().update(closed=True)
#% handed to whoever reads it
class Node(models.Model):
    closed = models.BooleanField(default=False)
@transaction.atomic
def close(pks, report):
    rows = Node.objects.filter(pk__in=pks).select_for_update()
    report(rows)
    if report.failed:
        return
    rows.update(closed=True)
