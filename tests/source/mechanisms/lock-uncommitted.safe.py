#% the lock is around the transaction
class Group(models.Model):
    name = models.CharField(max_length=40)
def register(name):
    with advisory_lock("group-%s" % name):
        with transaction.atomic():
            if not Group.objects.filter(name=name).exists():
                Group.objects.create(name=name)
#% a lock of the transaction lasts as long as it
class Group(models.Model):
    name = models.CharField(max_length=40)
def register(name):
    with transaction.atomic():
        with advisory_xact_lock("group-%s" % name):
            if not Group.objects.filter(name=name).exists():
                Group.objects.create(name=name)
#% it does not wait, and who has none leaves
class Group(models.Model):
    members = models.JSONField(default=list)
def inspect(name):
    with advisory_lock("inspect", wait=False) as acquired:
        if not acquired:
            return
        group = Group.objects.get(name="default")
        group.members.append(name)
        group.save()
#% the caller takes what a unique constraint says
class Membership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    host = models.ForeignKey(Host, on_delete=models.CASCADE)
    class Meta:
        unique_together = [("team", "host")]
def refresh(team):
    current = set(Membership.objects.filter(team=team).values_list("host_id", flat=True))
    added = set(team.hosts.values_list("id", flat=True)) - current
    if added:
        Membership.objects.bulk_create([Membership(team_id=team.id, host_id=one) for one in added])
@shared_task
def refresh_later(pk):
    try:
        refresh(Team.objects.get(pk=pk))
    except IntegrityError:
        logger.info("somebody else has done it")
