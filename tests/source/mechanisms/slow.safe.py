#% the columns are named
def geocode(place_id):
    place = Place.objects.get(pk=place_id)
    answer = requests.get("https://maps.example/q", params={"q": place.address}, timeout=10).json()
    place.lat, place.lon = answer["lat"], answer["lon"]
    place.save(update_fields=["lat", "lon"])
#% read again after it
def render_clip(pk):
    clip = Clip.objects.get(pk=pk)
    out = subprocess.run(["ffmpeg", "-i", clip.source.path, "out.mp4"], check=True)
    clip.refresh_from_db()
    clip.log = out.stdout
    clip.save()
#% under a lock
@transaction.atomic
def make_thumb(photo_id):
    photo = Photo.objects.select_for_update().get(id=photo_id)
    subprocess.check_call(["convert", photo.file.path])
    photo.thumb = "x"
    photo.save()
#% a row that is made here
def register(request):
    place = Place.objects.create(address=request.POST["address"])
    answer = requests.get("https://maps.example/q", timeout=10).json()
    place.lat = answer["lat"]
    place.save()
#% by update
def welcome(member_id):
    member = Member.objects.get(pk=member_id)
    subprocess.run(["sign", member.name])
    Member.objects.filter(pk=member_id).update(signed=True)
#% fetched after the call
def poll(order_id):
    answer = requests.get("https://bank.example/orders").json()
    order = Order.objects.get(pk=order_id)
    order.note = answer["note"]
    order.save()
#% nothing slow
def rename(request, pk):
    team = Team.objects.get(pk=pk)
    team.name = request.POST["name"]
    team.save()
#% saved before the call
def archive(report_id):
    report = Report.objects.get(pk=report_id)
    report.archived = True
    report.save()
    requests.get("http://hook.example/archived")
