#% the first that is new, then marked by its key -> run_next
def run_next(runner):
    job = Job.objects.filter(state="new").order_by("pk").first()
    if job is None:
        return
    Job.objects.filter(pk=job.pk).update(state="running")
    runner.execute(job)
    send_mail("started", "", None, [job.owner])
#% each sent, then marked by its key -> send_all
def send_all():
    for letter in Letter.objects.filter(sent=False):
        send_mail(letter.subject, letter.body, None, [letter.to])
        Letter.objects.filter(pk=letter.pk).update(sent=True)
#% their keys listed, each handed on, then all marked -> send_ids
def send_ids():
    ids = list(Letter.objects.filter(sent=False).values_list("pk", flat=True))
    for pk in ids:
        deliver.delay(pk)
    Letter.objects.filter(pk__in=ids).update(sent=True)
#% free ones, and the first of them given away by its key -> assign
def assign(request):
    voucher = Voucher.objects.filter(owner=None).first()
    Voucher.objects.filter(id=voucher.id).update(owner=request.user)
    return JsonResponse({"code": voucher.code})
#% a queryset method that updates and empties a cache -> mail_out
def mail_out():
    issue = Issue.objects.filter(mailed_at=None).earliest("day")
    Issue.objects.filter(pk=issue.pk).cached_update(mailed_at=timezone.now())
    for reader in issue.readers.all():
        send_mail(issue.title, issue.text, None, [reader.email])
