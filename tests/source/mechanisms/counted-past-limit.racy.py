#% counted where there is a limit, and asked before by whoever -> redeem
def count_one(code):
    code.used = F("used") + 1
    code.save(update_fields=["used"])
def redeem(offer, code):
    if offer.usage_limit:
        count_one(code)
#% by an update -> note_use
def note_use(plan):
    if plan.max_uses is not None:
        Plan.objects.filter(pk=plan.pk).update(uses=F("uses") + 1)
