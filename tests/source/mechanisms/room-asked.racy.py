#% a group with room, looked for by its count -> enrol
def enrol(request):
    group = Group.objects.annotate(n=Count("members")).filter(n__lt=F("size")).first()
    Membership.objects.create(group=group, user=request.user)
#% by its key -> assign
def assign(ticket):
    agent = Agent.objects.annotate(load=Count("tickets")).filter(load__lt=5).order_by("load").first()
    Assignment.objects.create(agent_id=agent.pk, ticket=ticket)
#% those that are full left out -> seat
@transaction.atomic
def seat(guest):
    table = Table.objects.annotate(guests=Count("seating")).exclude(guests__gte=8).first()
    if table is None:
        raise Full
    seating = Seating(table=table, guest=guest)
    seating.save()
#% found by its key, then looked for once more among those with room -> accept
class Batch(models.Model):
    per_task = models.IntegerField()
    def open_tasks(self, user):
        tasks = self.task_set.filter(done=False)
        if user.is_authenticated:
            tasks = tasks.exclude(assignment__user_id=user.id)
        return tasks.annotate(n=Count("assignment")).filter(n__lt=self.per_task)
class Task(models.Model):
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE)
    done = models.BooleanField(default=False)
class Assignment(models.Model):
    task = models.ForeignKey(Task, on_delete=models.CASCADE)
    user = models.ForeignKey("auth.User", null=True, on_delete=models.CASCADE)
def accept(request, batch_id, task_id):
    batch = get_object_or_404(Batch, pk=batch_id)
    task = get_object_or_404(Task, pk=task_id)
    try:
        batch.open_tasks(request.user).get(pk=task_id)
    except ObjectDoesNotExist:
        return redirect("tasks")
    assignment = Assignment()
    assignment.user = request.user
    assignment.task = task
    assignment.save()
    return redirect("task", assignment.pk)
