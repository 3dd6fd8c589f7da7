# A whole row is written back after something slow.
#% HTTP in between -> geocode
def geocode(place_id):
    place = Place.objects.get(pk=place_id)
    answer = requests.get("https://maps.example/q", params={"q": place.address}, timeout=10).json()
    place.lat, place.lon = answer["lat"], answer["lon"]
    place.save()
#% a subprocess -> render_clip
@shared_task
def render_clip(pk):
    clip = Clip.objects.get(pk=pk)
    out = subprocess.run(["ffmpeg", "-i", clip.source.path, "out.mp4"], check=True)
    clip.log = out.stdout
    clip.save()
#% a file is made -> make_thumb
def make_thumb(photo_id):
    photo = Photo.objects.get(id=photo_id)
    with Image.open(photo.file.path) as picture:
        picture.thumbnail((200, 200))
        picture.save("/srv/thumbs/%s.png" % photo_id)
    photo.thumb = "/srv/thumbs/%s.png" % photo_id
    photo.save()
#% mail -> welcome
def welcome(member_id):
    member = Member.objects.get(pk=member_id)
    send_mail("welcome", "hello", None, [member.email])
    member.welcomed = timezone.now()
    member.save()
#% two saves around a call, whichever was given -> submit_job
def submit_job(job):
    job.state = "sending"
    job.save()
    answer = urlopen("http://farm.internal/jobs", data=job.payload).read()
    job.state = "queued" if answer == b"ok" else "failed"
    job.save()
#% it sleeps -> poll
def poll(order_id):
    order = Order.objects.get(pk=order_id)
    while not gateway_status(order.ref):
        time.sleep(2)
    order.note = "settled"
    order.save()
#% a method of the model asks a client of its own -> Device.refresh
class Device(models.Model):
    host = models.CharField(max_length=90)
    firmware = models.CharField(max_length=20)
    name = models.CharField(max_length=20)
    def refresh(self):
        session = requests.Session()
        self.firmware = session.get("http://%s/version" % self.host).text
        self.save()
def rename(request, pk):
    Device.objects.filter(pk=pk).update(name=request.POST["name"])
#% a storage upload in a helper -> archive
def upload(path):
    boto3.client("s3").upload_file(path, "bucket", path)
def archive(report_id):
    report = Report.objects.get(pk=report_id)
    upload(report.path)
    report.archived = True
    report.save()
