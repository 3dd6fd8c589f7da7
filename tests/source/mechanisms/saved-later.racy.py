# Tested, acted on and changed in one arm, and saved after both.
#% a task is sent, then the time of it noted -> poll
def poll(upload):
    upload.polled = timezone.now()
    if upload.state == "waiting" and is_over(upload.started):
        convert.delay(upload.pk)
        upload.started = timezone.now()
    upload.save(update_fields=["started", "polled"])
#% in a method of the row -> Parcel.look
class Parcel(models.Model):
    told = models.BooleanField(default=False)
    looked = models.DateTimeField(null=True)
    def look(self):
        self.looked = timezone.now()
        if not self.told:
            send_mail("arrived", self.text, None, [self.owner.email])
            self.told = True
        self.save()
#% a row is made for it -> close
def close(request, pk):
    case = Case.objects.get(pk=pk)
    case.note = request.POST["note"]
    if case.state == "open":
        Invoice.objects.create(case=case)
        case.state = "closed"
    case.save()
#% one of three states -> advance
def advance(request, pk):
    job = Job.objects.get(pk=pk)
    if job.state == "new":
        job.state = "seen"
    elif job.state == "seen":
        requests.post(URL, json={"job": job.pk})
        job.state = "done"
    job.save()
