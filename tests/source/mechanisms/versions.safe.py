#% the version in the filter
def put_page(request, slug):
    sent = json.loads(request.body)
    changed = Page.objects.filter(slug=slug, version=sent["version"]).update(text=sent["text"], version=F("version") + 1)
    if not changed:
        return JsonResponse({}, status=409)
    return JsonResponse({})
#% under the lock
@transaction.atomic
def store_reading(gauge_id, value, begun):
    gauge = Gauge.objects.select_for_update().filter(pk=gauge_id).first()
    if gauge and gauge.changed_at < begun:
        gauge.value = value
        gauge.save(update_fields=["value"])
#% a time that is no version: due or not, and the same again
def remind(visit_id):
    visit = Visit.objects.get(pk=visit_id)
    if visit.starts_at < timezone.now():
        return
    visit.room = "2"
    visit.save(update_fields=["room"])
#% a limit of the row that nobody writes
def rename(request, pk):
    team = Team.objects.get(pk=pk)
    if team.size > 10:
        return HttpResponse(status=409)
    team.name = request.POST["name"]
    team.save(update_fields=["name"])
#% an old version is shown, nothing is written
def compare(request, pk):
    page = Page.objects.get(pk=pk)
    if page.version != int(request.GET["version"]):
        return HttpResponse("older")
    return HttpResponse("current")
#% a new row beside the old one
def add_revision(request, pk):
    page = Page.objects.get(pk=pk)
    Revision.objects.create(page=page, text=request.POST["text"])
    return HttpResponse(status=201)
#% a schema version decides the way, not the write
def export(report):
    if report.schema_version < 2:
        return old_export(report)
    return new_export(report)
#% expired rows are turned away
def show(request, pk):
    link = Link.objects.get(pk=pk)
    if link.expires_at < timezone.now():
        return HttpResponse(status=410)
    link.title = request.POST["title"]
    link.save(update_fields=["title"])
    return HttpResponse()
