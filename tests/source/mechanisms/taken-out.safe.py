#% under a lock
@transaction.atomic
def next_job(queue):
    job = Job.objects.select_for_update(skip_locked=True).filter(queue=queue).order_by("pk").first()
    if job is None:
        return None
    job.delete()
    return job.payload
#% who has deleted it, has it
def next_job(queue):
    job = Job.objects.filter(queue=queue).order_by("pk").first()
    if job is None:
        return None
    deleted, _ = Job.objects.filter(pk=job.pk).delete()
    return job.payload if deleted else None
#% one that was asked for
def remove(cart, item):
    line = Line.objects.filter(cart=cart, item=item).first()
    if line is not None:
        line.delete()
    return line
#% deleted, and nothing of it is handed on
def drop_oldest(user):
    oldest = Session.objects.filter(user=user).order_by("seen_at").first()
    if oldest:
        oldest.delete()
    return user
#% the caller holds the queue
def pop_code(campaign):
    code = campaign.codes.earliest("made_at")
    code.delete()
    return code.text
@transaction.atomic
def give(request, pk):
    campaign = get_object_or_404(Campaign.objects.select_for_update(), pk=pk)
    return JsonResponse({"code": pop_code(campaign)})
#% a mutex around both
def next_job(queue):
    with redis.lock("jobs"):
        job = Job.objects.filter(queue=queue).order_by("pk").first()
        if job is None:
            return None
        job.delete()
        return job.payload
