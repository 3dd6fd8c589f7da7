#% who loses is told
class Job(models.Model):
    state = models.CharField(max_length=20)
    def set_running(self):
        rows = Job.objects.filter(pk=self.pk, state="waiting").update(state="running")
        if rows != 1:
            logger.warning("job %s is not waiting", self.pk)
            raise RuntimeError("somebody else runs it")
        self.refresh_from_db()
#% the count is returned
class Job(models.Model):
    state = models.CharField(max_length=20)
    def set_running(self):
        rows = Job.objects.filter(pk=self.pk, state="waiting").update(state="running")
        if rows != 1:
            logger.warning("job %s is not waiting", self.pk)
        return rows == 1
#% nobody looks, and nothing follows
class Job(models.Model):
    state = models.CharField(max_length=20)
    def set_running(self):
        Job.objects.filter(pk=self.pk, state="waiting").update(state="running")
