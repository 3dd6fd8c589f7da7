#% an advisory lock ends before the transaction around it commits -> register
class Group(models.Model):
    name = models.CharField(max_length=40)
@transaction.atomic
def register(name):
    with advisory_lock("group-%s" % name):
        if not Group.objects.filter(name=name).exists():
            Group.objects.create(name=name)
#% a mutex in a transaction, around a counter -> visit
class Group(models.Model):
    visits = models.IntegerField(default=0)
def visit(pk):
    with transaction.atomic():
        with redis_client.lock("group"):
            group = Group.objects.get(pk=pk)
            group.visits += 1
            group.save()
        tell(group)
#% it does not wait, and nobody asks whether it was to be had -> inspect
class Group(models.Model):
    members = models.JSONField(default=list)
def inspect(name):
    with advisory_lock("inspect", wait=False):
        group = Group.objects.get(name="default")
        group.members.append(name)
        group.save()
#% a cache that is an attribute -> Handler.failed
class Handler:
    def __init__(self):
        self.cache = get_cache()
    def failed(self, request):
        for key in keys_of(request):
            failures = self.cache.get(key, default=0)
            self.cache.set(key, failures + 1, 300)
#% the class is set up in the constructor, from an import there -> Settings.set
class Setting(models.Model):
    key = models.TextField()
    value = models.TextField()
class Settings:
    def __init__(self):
        self._model = Setting
    def set(self, key, value):
        row, created = self._model._default_manager.get_or_create(key=key, defaults={"value": value})
        if not created:
            row.value = value
            row.save()
#% whoever calls takes whatever goes wrong -> refresh
class Membership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    host = models.ForeignKey(Host, on_delete=models.CASCADE)
    class Meta:
        unique_together = [("team", "host")]
def refresh(team):
    current = set(Membership.objects.filter(team=team).values_list("host_id", flat=True))
    wanted = set(team.hosts.values_list("id", flat=True))
    added = wanted - current
    if added:
        Membership.objects.bulk_create([Membership(team_id=team.id, host_id=one) for one in added])
@shared_task
def refresh_later(pk):
    try:
        refresh(Team.objects.get(pk=pk))
    except Exception:
        logger.exception("not refreshed")
#% the mutex of a called function ends before the transaction around the call commits -> create
class Group(models.Model):
    name = models.CharField(max_length=40)
def create(name):
    with advisory_lock("group-%s" % name):
        if not Group.objects.filter(name=name).exists():
            Group.objects.create(name=name)
@transaction.atomic
def register(name, user):
    create(name)
    Log.objects.create(user=user)
