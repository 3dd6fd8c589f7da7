#% marked only where it is still new
def run_next(runner):
    job = Job.objects.filter(state="new").order_by("pk").first()
    if job is None:
        return
    if not Job.objects.filter(pk=job.pk, state="new").update(state="running"):
        return
    runner.execute(job)
#% the rows are locked while they are sent
@transaction.atomic
def send_ids():
    ids = list(Letter.objects.select_for_update().filter(sent=False).values_list("pk", flat=True))
    for pk in ids:
        deliver(pk)
    Letter.objects.filter(pk__in=ids).update(sent=True)
#% marked, and nothing done with it
def close_old():
    for letter in Letter.objects.filter(open=True, day__lt=date.today()):
        Letter.objects.filter(pk=letter.pk).update(open=False)
#% another column is marked
def note(pk):
    letter = Letter.objects.filter(open=True).first()
    Letter.objects.filter(pk=letter.pk).update(looked_at=timezone.now())
    print(letter)
#% listed and claimed under the lock, then sent, then marked by another column
def pay_out(bank):
    with transaction.atomic():
        due = Payout.objects.select_for_update().filter(state="new", reference=None)
        keys = list(due.values_list("pk", flat=True))
        due.update(state="sending")
    reference = bank.send_many(keys)
    notify.delay(reference)
    Payout.objects.filter(pk__in=keys).update(state="done", reference=reference)
