#% locked when they are looked for
def expire(now):
    with transaction.atomic():
        ids = list(Offer.objects.select_for_update().filter(state="open", until__lt=now).values_list("pk", flat=True)[:500])
        Offer.objects.filter(id__in=ids).update(state="expired")
        Entry.objects.bulk_create([Entry(offer_id=one, text="expired") for one in ids])
#% what is made has nothing to do with them
def expire(now, operator):
    ids = list(Offer.objects.filter(state="open", until__lt=now).values_list("pk", flat=True)[:500])
    Offer.objects.filter(id__in=ids).update(state="expired")
    with trace("expire") as span:
        span.set_attribute("offers", len(ids))
    Run.objects.create(operator=operator)
