#% each is claimed by a condition
def take(size):
    batch = []
    for job in Job.objects.filter(taken_at__isnull=True)[:size]:
        if Job.objects.filter(pk=job.pk, taken_at__isnull=True).update(taken_at=timezone.now()):
            batch.append((job.pk, job.payload))
    return batch
#% locked rows, others pass them over
@transaction.atomic
def take(size):
    batch = []
    for job in Job.objects.select_for_update(skip_locked=True).filter(taken_at__isnull=True)[:size]:
        job.taken_at = timezone.now()
        job.save(update_fields=["taken_at"])
        batch.append(job.pk)
    return batch
#% what was not read yet is shown and marked as read
def unread(user):
    texts = []
    for note in Note.objects.filter(user=user, seen=False):
        note.seen = True
        note.save(update_fields=["seen"])
        texts.append(note.text)
    return texts
#% another column is written than the one that is asked for
def label(group):
    found = []
    for item in Item.objects.filter(group=group):
        item.label = group.label
        item.save(update_fields=["label"])
        found.append(item)
    return found
#% nothing is handed out
def expire():
    count = 0
    for offer in Offer.objects.filter(state="open", until__lt=timezone.now()):
        offer.state = "expired"
        offer.save(update_fields=["state"])
        count += 1
    return count
