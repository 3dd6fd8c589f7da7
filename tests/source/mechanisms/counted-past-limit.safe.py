#% the update asks
def note_use(plan):
    if plan.max_uses is not None:
        taken = Plan.objects.filter(pk=plan.pk, uses__lt=F("max_uses")).update(uses=F("uses") + 1)
        if not taken:
            raise ValueError("used up")
#% counted whatever there is
def note_use(plan):
    if plan.is_open:
        Plan.objects.filter(pk=plan.pk).update(uses=F("uses") + 1)
#% under the lock under which it is asked
@transaction.atomic
def note_use(plan_id):
    plan = Plan.objects.select_for_update().get(pk=plan_id)
    if plan.max_uses and plan.uses >= plan.max_uses:
        raise ValueError("used up")
    if plan.max_uses:
        plan.uses = F("uses") + 1
        plan.save(update_fields=["uses"])
#% given back
def give_back(plan):
    if plan.max_uses:
        Plan.objects.filter(pk=plan.pk).update(uses=F("uses") - 1)
