#% of all rows, those that were not changed are written as well -> note
class Host(models.Model):
    name = models.CharField(max_length=40)
    job = models.IntegerField(null=True)
def note(names, job):
    hosts = Host.objects.filter(name__in=names)
    for host in hosts:
        if host.name in job.reached:
            host.job = job.pk
    Host.objects.bulk_update(hosts, ["job"])
def forget(pk):
    Host.objects.filter(pk=pk).update(job=None)
