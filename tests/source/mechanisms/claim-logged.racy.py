#% who loses is written down, and goes on -> Job.set_running
class Job(models.Model):
    state = models.CharField(max_length=20)
    def set_running(self):
        rows = Job.objects.filter(pk=self.pk, state="waiting").update(state="running")
        if rows != 1:
            logger.warning("job %s is not waiting", self.pk)
        self.refresh_from_db()
