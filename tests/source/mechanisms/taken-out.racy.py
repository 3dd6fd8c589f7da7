#% a queue in a table -> next_job
def next_job(queue):
    job = Job.objects.filter(queue=queue).order_by("pk").first()
    if job is None:
        return None
    job.delete()
    return job.payload
#% by its key, in a loop -> Line.receive
class Line:
    def receive(self, names, block=False):
        while True:
            letter = Letter.objects.filter(name__in=names).order_by("id").first()
            if letter:
                Letter.objects.filter(pk=letter.pk).delete()
                return letter.name, decode(letter.body)
            elif not block:
                return None, None
            time.sleep(1)
#% a transaction makes nobody wait -> draw
@transaction.atomic
def draw():
    key = LicenceKey.objects.first()
    key.delete()
    return key
#% the oldest, for a view that hands it on -> pop_code|give
def pop_code(campaign):
    code = campaign.codes.earliest("made_at")
    code.delete()
    return code.text
def give(request, pk):
    campaign = get_object_or_404(Campaign, pk=pk)
    return JsonResponse({"code": pop_code(campaign)})
