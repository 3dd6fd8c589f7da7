# Rows and reasons that go from one function to another before somebody writes. One gap a heading.
#% service keeps the row it was made with -> OrderService.close|close_order
class Order(models.Model):
    state = models.CharField(max_length=9)
class OrderService:
    def __init__(self, order):
        self.order = order
    def ensure_open(self):
        if self.order.state != "open":
            raise Conflict()
    def close(self):
        self.order.state = "closed"
        self.order.save()
        Invoice.objects.create(order=self.order)
def close_order(request, pk):
    service = OrderService(get_object_or_404(Order, pk=pk))
    service.ensure_open()
    service.close()
    return HttpResponse(status=204)
#% a decorator loads the row -> redeem|load_voucher
class Voucher(models.Model):
    used = models.BooleanField(default=False)
def load_voucher(view):
    @wraps(view)
    def inner(request, code, *args, **kwargs):
        request.voucher = get_object_or_404(Voucher, code=code)
        return view(request, *args, **kwargs)
    return inner
@load_voucher
def redeem(request):
    if request.voucher.used:
        return HttpResponse(status=409)
    request.voucher.used = True
    request.voucher.save()
    Credit.objects.create(user=request.user, amount=5)
    return HttpResponse(status=204)
#% a decorator sets the row on the view -> TableView.post
class Table(models.Model):
    taken_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
def with_table(method):
    def inner(self, request, pk, *args, **kwargs):
        self.table = Table.objects.get(pk=pk)
        return method(self, request, *args, **kwargs)
    return inner
class TableView(View):
    @with_table
    def post(self, request):
        if self.table.taken_by is not None:
            return HttpResponse(status=409)
        self.table.taken_by = request.user
        self.table.save()
        Bill.objects.create(table=self.table)
        return HttpResponse(status=204)
#% form's clean counts, the view makes -> CourseForm.clean|EnrolView.form_valid
class Course(models.Model):
    places = models.IntegerField()
class Enrolment(models.Model):
    course = models.ForeignKey(Course, related_name="enrolments", on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
class CourseForm(forms.Form):
    course = forms.ModelChoiceField(queryset=Course.objects.all())
    def clean(self):
        data = super().clean()
        if data["course"].enrolments.count() >= data["course"].places:
            raise forms.ValidationError("full")
        return data
class EnrolView(FormView):
    form_class = CourseForm
    def form_valid(self, form):
        Enrolment.objects.create(course=form.cleaned_data["course"], user=self.request.user)
        return super().form_valid(form)
#% graphene mutation looks and makes -> FollowShop.mutate
class FollowShop(graphene.Mutation):
    class Arguments:
        shop_id = graphene.ID(required=True)
    ok = graphene.Boolean()
    @staticmethod
    def mutate(root, info, shop_id):
        shop = Shop.objects.get(pk=shop_id)
        if Follow.objects.filter(shop=shop, user=info.context.user).exists():
            return FollowShop(ok=False)
        Follow.objects.create(shop=shop, user=info.context.user)
        return FollowShop(ok=True)
#% answer as a pair, then the callee makes -> join_club|admit
class Club(models.Model):
    limit = models.IntegerField()
class Member(models.Model):
    club = models.ForeignKey(Club, related_name="members", on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
def may_join(club, user):
    if club.members.count() >= club.limit:
        return False, "full"
    return True, ""
def admit(club, user):
    return Member.objects.create(club=club, user=user)
def join_club(request, pk):
    club = get_object_or_404(Club, pk=pk)
    ok, reason = may_join(club, request.user)
    if not ok:
        messages.error(request, reason)
        return redirect("club", pk=pk)
    admit(club, request.user)
    return redirect("club", pk=pk)
#% errors in a list, then the callee makes -> book|reserve
class Room(models.Model):
    beds = models.IntegerField()
class Stay(models.Model):
    room = models.ForeignKey(Room, related_name="stays", on_delete=models.CASCADE)
    night = models.DateField()
def errors_of(room, night):
    errors = []
    if room.stays.filter(night=night).count() >= room.beds:
        errors.append("no bed")
    return errors
def reserve(room, night):
    Stay.objects.create(room=room, night=night)
def book(request, pk):
    room = get_object_or_404(Room, pk=pk)
    errors = errors_of(room, request.POST["night"])
    if errors:
        return JsonResponse({"errors": errors}, status=400)
    reserve(room, request.POST["night"])
    return JsonResponse({})
#% a helper raises, another makes -> sign_up|add_runner
class Run(models.Model):
    places = models.IntegerField()
class Runner(models.Model):
    run = models.ForeignKey(Run, related_name="runners", on_delete=models.CASCADE)
def ensure_room(run):
    if run.runners.count() >= run.places:
        raise Full()
def add_runner(run, name):
    return Runner.objects.create(run=run, name=name)
def sign_up(request, pk):
    run = Run.objects.get(pk=pk)
    ensure_room(run)
    add_runner(run, request.POST["name"])
    return HttpResponse(status=201)
#% a task reads, two helpers test and change -> charge_due|charge
class Plan(models.Model):
    charged_on = models.DateField(null=True)
def is_due(plan):
    return plan.charged_on is None or plan.charged_on < date.today()
def charge(plan):
    gateway.charge(plan.card, plan.amount)
    plan.charged_on = date.today()
    plan.save(update_fields=["charged_on"])
@shared_task
def charge_due(pk):
    plan = Plan.objects.get(pk=pk)
    if not is_due(plan):
        return
    charge(plan)
#% error text of a method, the other method makes -> add_class|enroll
class Section(models.Model):
    capacity = models.IntegerField()
    def is_full(self):
        return self.students.count() >= self.capacity
    def cannot_add(self, user, check=True):
        if check and self.is_full():
            return "This class is full"
        for other in user.sections.all():
            if other.slot == self.slot:
                return "conflict"
        return False
    def enroll(self, user):
        return Seat.objects.create(section=self, user=user)
class Seat(models.Model):
    section = models.ForeignKey(Section, related_name="students", on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
def add_class(request, pk):
    section = get_object_or_404(Section, pk=pk)
    error = section.cannot_add(request.user)
    if error and not request.user.is_staff:
        raise EspError(error)
    if section.enroll(request.user):
        return HttpResponse(status=204)
#% a row in the context of a multi-form view is changed by its own method and saved -> PersonEdit.form_valid
class Person(models.Model):
    versions = models.JSONField(default=list)
    def record(self, change):
        versions = self.versions or []
        versions.insert(0, change)
        self.versions = versions
class PersonEdit(UpdateView):
    model = Person
    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["person"] = self.object
        return context
    def form_valid(self, forms):
        context = self.get_context_data()
        person = context["person"]
        person.record({"user": self.request.user.pk})
        person.save()
        return redirect("person")
#% kwargs go through a helper, which looks -> tag_for|find_row
class Tag(models.Model):
    name = models.CharField(max_length=9)
def find_row(model, **kwargs):
    try:
        return model.objects.get(**kwargs)
    except model.DoesNotExist:
        return None
def make_row(model, **kwargs):
    return model.objects.create(**kwargs)
def tag_for(name):
    tag = find_row(Tag, name=name)
    if tag is None:
        tag = make_row(Tag, name=name)
    return tag
#% missed: the next number through kwargs of a helper -> issue|make_bill
class Bill(models.Model):
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE)
    number = models.IntegerField()
def make_bill(**kwargs):
    return Bill.objects.create(**kwargs)
def issue(shop):
    last = Bill.objects.filter(shop=shop).aggregate(Max("number"))["number__max"] or 0
    return make_bill(shop=shop, number=last + 1)
#% errors in a dictionary of validate, then the framework makes -> DeskSerializer.validate
class Desk(models.Model):
    name = models.CharField(max_length=9)
    hall = models.ForeignKey(Hall, on_delete=models.CASCADE)
class DeskSerializer(serializers.ModelSerializer):
    class Meta:
        model = Desk
        fields = ["name", "hall"]
    def validate(self, attrs):
        errors = {}
        if Desk.objects.filter(name=attrs["name"], hall=attrs["hall"]).exists():
            errors["name"] = "taken"
        if errors:
            raise serializers.ValidationError(errors)
        return attrs
#% reasons in a list of the view's own, then it makes -> borrow
class Copy(models.Model):
    title = models.CharField(max_length=9)
def borrow(request, pk):
    problems = []
    if Loan.objects.filter(copy_id=pk, returned=None).exists():
        problems.append("already lent")
    if not request.user.is_active:
        problems.append("no member")
    if problems:
        return JsonResponse({"problems": problems}, status=409)
    Loan.objects.create(copy_id=pk, user=request.user)
    return JsonResponse({})
#% a one-to-one row is missing, after another table was asked -> settings_of|fill
class Note(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
class Digest(models.Model):
    user = models.OneToOneField(User, related_name="digest", on_delete=models.CASCADE)
    text = models.TextField()
def fill(user):
    digest = user.digest
    digest.text = " ".join(note.text for note in Note.objects.filter(user=user))
    digest.save()
    return digest
def settings_of(user):
    try:
        digest = user.digest
        if not digest.text:
            fill(user)
    except Digest.DoesNotExist:
        user.digest = Digest(user=user)
        user.digest = fill(user)
    return user.digest
