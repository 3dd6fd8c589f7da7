#% only those that were changed are written
class Host(models.Model):
    name = models.CharField(max_length=40)
    job = models.IntegerField(null=True)
def note(names, job):
    hosts = Host.objects.filter(name__in=names)
    changed = []
    for host in hosts:
        if host.name in job.reached:
            host.job = job.pk
            changed.append(host)
    Host.objects.bulk_update(changed, ["job"])
def forget(pk):
    Host.objects.filter(pk=pk).update(job=None)
#% all of them are given one
class Host(models.Model):
    name = models.CharField(max_length=40)
    job = models.IntegerField(null=True)
def note(names, job):
    hosts = Host.objects.filter(name__in=names)
    for host in hosts:
        host.job = job.pk
    Host.objects.bulk_update(hosts, ["job"])
def forget(pk):
    Host.objects.filter(pk=pk).update(job=None)
#% nobody else writes that column
class Host(models.Model):
    name = models.CharField(max_length=40)
    job = models.IntegerField(null=True)
def note(names, job):
    hosts = Host.objects.filter(name__in=names)
    for host in hosts:
        if host.name in job.reached:
            host.job = job.pk
    Host.objects.bulk_update(hosts, ["job"])
