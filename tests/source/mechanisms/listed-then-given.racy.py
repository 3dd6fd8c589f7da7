#% by their keys, whatever their state is by then, and a line for each -> expire
def expire(now):
    ids = list(Offer.objects.filter(state="open", until__lt=now).values_list("pk", flat=True)[:500])
    with transaction.atomic():
        Offer.objects.filter(id__in=ids).update(state="expired")
        note(ids)
def note(ids):
    Entry.objects.bulk_create([Entry(offer_id=one, text="expired") for one in ids])
