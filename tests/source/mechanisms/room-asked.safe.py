#% the hall is locked before
@transaction.atomic
def seat(guest, hall_id):
    hall = Hall.objects.select_for_update().get(pk=hall_id)
    table = Table.objects.filter(hall=hall).annotate(guests=Count("seating")).filter(guests__lt=8).first()
    if table is None:
        raise Full
    Seating.objects.create(table=table, guest=guest)
#% looked for by how many it has, and none is made
def emptiest():
    return Table.objects.annotate(guests=Count("seating")).filter(guests__lt=8).first()
#% more than so many are asked for
def praise(user):
    table = Table.objects.annotate(guests=Count("seating")).filter(guests__gt=8).first()
    Praise.objects.create(table=table, user=user)
#% the batch is locked before its tasks are looked for
class Batch(models.Model):
    per_task = models.IntegerField()
class Task(models.Model):
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE)
class Assignment(models.Model):
    task = models.ForeignKey(Task, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", null=True, on_delete=models.CASCADE)
def accept(request, batch_id, task_id):
    task = get_object_or_404(Task, pk=task_id)
    try:
        with transaction.atomic():
            batch = Batch.objects.select_for_update().get(pk=batch_id)
            open_tasks = Task.objects.filter(batch=batch).annotate(n=Count("assignment"))
            open_tasks.filter(n__lt=batch.per_task).get(pk=task_id)
            assignment = Assignment(user=request.user)
            assignment.task = task
            assignment.save()
    except ObjectDoesNotExist:
        return redirect("tasks")
    return redirect("task", assignment.pk)
#% that there is no room is only noted
class Task(models.Model):
    limit = models.IntegerField()
class Assignment(models.Model):
    task = models.ForeignKey(Task, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", null=True, on_delete=models.CASCADE)
def accept(request, pk):
    task = get_object_or_404(Task, pk=pk)
    try:
        Task.objects.annotate(n=Count("assignment")).filter(n__lt=F("limit")).get(pk=pk)
    except Task.DoesNotExist:
        log.info("more than asked for")
    Assignment.objects.create(task=task, user=request.user)
