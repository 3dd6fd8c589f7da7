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
#% an object that is no row has an attribute of the name that is looked for
class Node(models.Model):
    address = models.CharField(max_length=40)
    uplink = models.ForeignKey("Uplink", null=True, on_delete=models.CASCADE)
class Consumer:
    def close(self):
        Message.objects.create(text=self.uplink.address if self.uplink else None)
        self.forget("a")
    def forget(self, address):
        with transaction.atomic():
            try:
                node = Node.objects.select_for_update().get(address=address, uplink=self.uplink)
            except Node.DoesNotExist:
                return
            node.uplink = None
            node.save()
#% the called function's mutex is one of the transaction
class Group(models.Model):
    name = models.CharField(max_length=40)
def create(name):
    with advisory_xact_lock("group-%s" % name):
        if not Group.objects.filter(name=name).exists():
            Group.objects.create(name=name)
@transaction.atomic
def register(name, user):
    create(name)
    Log.objects.create(user=user)
#% a statement of the called function locks until the caller's transaction ends
class Group(models.Model):
    name = models.CharField(max_length=40)
def create(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7)")
    if not Group.objects.filter(name=name).exists():
        Group.objects.create(name=name)
@transaction.atomic
def register(name, user):
    create(name)
    Log.objects.create(user=user)
