# The same, where something protects it or nothing happens twice.
#% under a lock
@transaction.atomic
def poll(pk):
    upload = Upload.objects.select_for_update().get(pk=pk)
    if upload.state == "waiting":
        transaction.on_commit(lambda: convert.delay(upload.pk))
        upload.state = "started"
    upload.save(update_fields=["state"])
#% nothing else is done
def close(request, pk):
    case = Case.objects.get(pk=pk)
    if case.state == "open":
        case.state = "closed"
    case.save(update_fields=["state"])
#% what is done is done in the other arm
def look(request, pk):
    case = Case.objects.get(pk=pk)
    if case.state == "open":
        case.state = "seen"
    else:
        Visit.objects.create(case=case)
    case.save(update_fields=["state"])
#% claimed by the database before anything is done
def poll(upload):
    if Upload.objects.filter(pk=upload.pk, state="waiting").update(state="started"):
        convert.delay(upload.pk)
    upload.refresh_from_db()
    upload.polled = timezone.now()
    upload.save(update_fields=["polled"])
#% a new row
def start(request):
    upload = Upload(owner=request.user, state="waiting")
    if upload.state == "waiting":
        send_mail("new", "", None, [request.user.email])
        upload.state = "told"
    upload.save()
#% what is kept is asked for again
class Calendar(models.Model):
    url = models.URLField()
    kept = models.TextField(null=True)
    kept_at = models.DateTimeField(null=True)
    def text(self):
        if self.kept is None:
            self.kept = self.source.read(self.url)
            self.source.close()
        self.save(update_fields=["kept"])
        return self.kept
