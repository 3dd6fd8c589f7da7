# What stands in functions after somebody has mended them: nothing to say.
#% whoever has no token yet gets one: there is none to revoke
class Token(models.Model):
    key = models.CharField(max_length=64, unique=True)
class Seat(models.Model):
    number = models.IntegerField()
def enter(request):
    try:
        token = Token.objects.get(key=request.headers["Authorization"])
    except Token.DoesNotExist:
        Seat.objects.create(number=4)
        return JsonResponse({"new": True})
    return JsonResponse({"name": token.key})
#% columns are named at run time: which of them others change, nobody knows
class Trait(models.Model):
    key = models.CharField(max_length=20)
    text = models.TextField()
    number = models.IntegerField(default=0)
def bump(pk, by):
    Trait.objects.filter(pk=pk).update(number=by)
def change(pk, values):
    trait = Trait.objects.get(pk=pk)
    for name, value in values.items():
        setattr(trait, name, value)
    trait.save()
#% counted are rows of a table, added is one to a relation of it
class Thread(models.Model):
    title = models.CharField(max_length=200)
    related = models.ManyToManyField("self")
def relate(thread: Thread, title, other):
    if Thread.objects.filter(title=title).count() > 1:
        raise ValueError("told twice")
    thread.related.add(other)
#% the row is locked by asking whether it is there
class Activity(models.Model):
    title = models.CharField(max_length=200)
class Signup(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE)
@transaction.atomic
def switch(user, block, activity):
    _ = get_user_model().objects.filter(id=user.id).select_for_update().exists()
    signup = Signup.objects.get(user=user, activity__block=block)
    left = signup.activity
    signup.activity = activity
    signup.save()
    Departure.objects.create(user=user, activity=left)
#% written only where it is different: the second one writes what it was asked to
def touch(entry, modified):
    if entry.modified != modified:
        entry.modified = modified
        entry.save(update_fields=["modified"])
#% the same by an update
def touch_row(pk, modified):
    entry = Entry.objects.get(pk=pk)
    if entry.modified != modified:
        Entry.objects.filter(pk=entry.pk).update(modified=modified)
#% two rows of one getter are two rows
class FileManager(models.Manager):
    def get_file(self, name, modified=None, **kwargs):
        kwargs.update(dict(name=name))
        entry, created = self.get_or_create(**kwargs)
        if modified and not created:
            self.filter(pk=entry.pk).update(modified=modified)
        return entry
class Entry(models.Model):
    name = models.CharField(max_length=80, unique=True)
    modified = models.DateTimeField()
    objects = FileManager()
def refresh(name, now):
    source = Entry.objects.get_file(name + ".source")
    if not source.modified:
        return None
    store.write(name)
    return Entry.objects.get_file(name + ".small", modified=now)
#% a serializer is saved by its view, which begins the transaction
class BookingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Booking
    def create(self, validated_data):
        event = Event.objects.select_for_update().get(pk=validated_data["event"].pk)
        if Booking.objects.filter(event=event).count() >= event.places:
            raise serializers.ValidationError("full")
        return super().create(validated_data)
class BookingViewSet(viewsets.ModelViewSet):
    serializer_class = BookingSerializer
    @transaction.atomic
    def create(self, request, *args, **kwargs):
        return super().create(request, *args, **kwargs)
#% the number of a row is made by its save, in whoever's transaction it is
class Permit(models.Model):
    number = models.CharField(max_length=20, unique=True)
    def save(self, *args, **kwargs):
        if not self.number:
            self.number = self.next_number()
        super().save(*args, **kwargs)
    @staticmethod
    def next_number():
        Permit.objects.order_by("pk").select_for_update().first()
        last = Permit.objects.order_by("number").last()
        return str(int(last.number) + 1)
#% a call whose answer decides about the commit, kept single by the row that is made
class Assignment(models.Model):
    task = models.ForeignKey("Task", on_delete=models.CASCADE)
    worker = models.ForeignKey("Worker", on_delete=models.CASCADE)
    class Meta:
        unique_together = [("task", "worker")]
def assign(task, worker):
    with transaction.atomic():
        try:
            assignment = Assignment.objects.create(task=task, worker=worker)
        except IntegrityError:
            raise AlreadyAssigned()
        answer = httpx.post(HQ, json={"worker": worker.name})
        answer.raise_for_status()
    return assignment
#% the same under a lock, handed to a helper to be called
def ask(method, path, data):
    answer = method(BASE + path, data)
    answer.raise_for_status()
    return answer
def tell(pk):
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=pk)
        if letter.sent:
            return
        letter.sent = True
        letter.save(update_fields=["sent"])
        answer = ask(requests.post, "messages", {"text": letter.text})
        if answer.status_code != 200:
            raise NotSent()
#% a row of its own that only one can have is made in the same transaction
class Ask(models.Model):
    status = models.CharField(max_length=20)
class Extension(models.Model):
    ask = models.OneToOneField(Ask, on_delete=models.CASCADE)
def grant(request, pk):
    ask = Ask.objects.get(pk=pk)
    if ask.status == "granted":
        return HttpResponse(status=409)
    try:
        with transaction.atomic():
            Extension.objects.create(ask=ask)
            ask.status = "granted"
            ask.save(update_fields=["status"])
    except IntegrityError:
        return HttpResponse(status=409)
    Notice.objects.create(text="granted")
    return HttpResponse(status=204)
#% the lock is taken in a function further down than what is written under it
def job_of(pk, lock=False):
    if lock:
        job = Job.objects.select_for_update().get(id=pk)
    else:
        job = Job.objects.get(id=pk)
    return job
def note(pk, line):
    with transaction.atomic():
        job = job_of(pk, lock=True)
        job.lines.append(line)
        job.save(update_fields=["lines"])
def failed(pk, text):
    note(pk, {"error": text})
def start(pk, names):
    for name in names:
        try:
            queue.put(name)
        except Full as error:
            failed(pk, str(error))
def ask(request):
    form = JobForm(request.POST)
    job = form.save()
    start(job.pk, request.POST.getlist("names"))
    return HttpResponse(status=202)
#% a text is put into its form, and made free of others
def publish(page):
    with transaction.atomic():
        page.slug = free_slug(page.parent, slugify(page.slug), ignore=page.id)
        page.save()
        page.revisions.add(Revision(page=page))
#% a time is set once more, of a row that is got by its name
class FileManager(models.Manager):
    def get_file(self, create=False, modified=None, **kwargs):
        if create:
            entry, created = self.get_or_create(**kwargs)
        else:
            created = False
            try:
                entry = self.get(**kwargs)
            except self.model.DoesNotExist:
                entry, created = self.get_or_create(**kwargs)
        if modified and not created:
            if entry.modified != modified:
                self.filter(pk=entry.pk).update(modified=modified)
        return entry
class Entry(models.Model):
    name = models.CharField(max_length=80, unique=True)
    modified = models.DateTimeField(null=True)
    objects = FileManager()
class Thumbnailer:
    def entry(self, create=False):
        self.cached = Entry.objects.get_file(create=create, modified=create and timezone.now(), name=self.name)
        return self.cached
    def is_there(self):
        entry = self.entry()
        if not entry.modified:
            return False
        try:
            self.storage.path("test")
        except NotImplementedError:
            return False
        return self.entry(create=True)
#% another column is only written to rows that are made there
class Check(models.Model):
    name = models.CharField(max_length=100)
    plan = models.CharField(max_length=20)
def make(request):
    check = Check(name=request.POST["name"])
    check.save()
    check.plan = request.POST["plan"]
    check.save()
def rename(request, pk):
    check = Check.objects.get(pk=pk)
    check.name = request.POST["name"]
    check.save()
#% the last one to add its part notes when it was, after the lock
def add_part(pk, part):
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=pk)
        job.parts.append(part)
        job.save(update_fields=["parts"])
    if len(job.parts) == 7:
        job.finished = timezone.now()
        job.save(update_fields=["finished"])
#% a client of a library is set up, and only asks
class Remote:
    def __init__(self):
        self.client = httpx.Client(auth=httpx.BasicAuth("name", "secret"))
@transaction.atomic
def visit(page):
    Visit.objects.create(page=page)
    return Remote()
#% a mail is sent under the lock of what it is about, and its answer handed on
def send_all(mail):
    return mail.send()
@transaction.atomic
def tell(pk):
    letter = Letter.objects.select_for_update().get(pk=pk)
    if letter.sent:
        return
    letter.sent = True
    letter.save(update_fields=["sent"])
    send_all(EmailMessage("hello", letter.text))
