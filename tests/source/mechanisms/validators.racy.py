# Validated in one place, made in another: serializers, fields, forms, models.
#% a validator function among the validators of a field -> BadgeSerializer.create|unused_label
def unused_label(value):
    if Badge.objects.filter(label=value).exists():
        raise serializers.ValidationError("in use")
class BadgeSerializer(serializers.Serializer):
    label = serializers.CharField(max_length=20, validators=[unused_label])
    def create(self, validated_data):
        return Badge.objects.create(**validated_data)
#% a class with __call__, and the framework inserts -> UniqueCallSign.__call__
class Station(models.Model):
    sign = models.CharField(max_length=9)
class UniqueCallSign:
    requires_context = True
    def __init__(self, message=None):
        self.message = message or "taken"
    def __call__(self, value, serializer_field):
        if Station.objects.filter(sign=value).exists():
            raise serializers.ValidationError(self.message)
class StationSerializer(serializers.ModelSerializer):
    sign = serializers.CharField(validators=[UniqueCallSign()])
    class Meta:
        model = Station
        fields = ["sign"]
#% validators of the serializer's Meta -> BerthSerializer.create|NoOverlap.__call__
class NoOverlap:
    def __call__(self, attrs):
        clash = Berthing.objects.filter(pier=attrs["pier"], start__lt=attrs["end"], end__gt=attrs["start"])
        if clash.exists():
            raise ValidationError("occupied")
class BerthSerializer(serializers.ModelSerializer):
    class Meta:
        model = Berthing
        fields = ["pier", "start", "end"]
        validators = [NoOverlap()]
    def create(self, validated_data):
        return Berthing.objects.create(**validated_data)
#% a base class out of a library, and super().create() -> DeskBookingSerializer.create|DeskBookingSerializer.validate
class DeskBookingSerializer(GeoNestedModelSerializer):
    class Meta:
        model = DeskBooking
        fields = ["desk", "day"]
    def validate(self, attrs):
        if DeskBooking.objects.filter(desk=attrs["desk"], day=attrs["day"]).exists():
            raise ValidationError("booked")
        return attrs
    def create(self, validated_data):
        booking = super().create(validated_data)
        booking.watchers.set([self.context["request"].user])
        return booking
#% a serializer by its use only -> Rsvp.validate
class Invitee(models.Model):
    party = models.ForeignKey("Party", on_delete=models.CASCADE)
    guest = models.ForeignKey(User, on_delete=models.CASCADE)
class Rsvp(WritableNested):
    class Meta:
        model = Invitee
        fields = ["party", "guest"]
    def validate(self, data):
        if data["party"].invitee_set.count() >= data["party"].seats:
            raise ValidationError("full")
        return data
class RsvpViewSet(mixins.CreateModelMixin, viewsets.GenericViewSet):
    serializer_class = Rsvp
    queryset = Invitee.objects.all()
#% the validation calls another object's check -> LoanSerializer.create|LoanSerializer.validate|BookPolicy.ensure_in
class BookPolicy:
    def __init__(self, book):
        self.book = book
    def ensure_in(self):
        if Loan.objects.filter(book=self.book, returned=None).exists():
            raise ValidationError("out")
class LoanSerializer(serializers.ModelSerializer):
    class Meta:
        model = Loan
        fields = ["book"]
    def validate(self, attrs):
        BookPolicy(attrs["book"]).ensure_in()
        return attrs
    def create(self, validated_data):
        loan = super().create(validated_data)
        Notice.objects.create(loan=loan)
        return loan
#% the form's row is completed by its view -> ProposeView.form_valid|ProposalForm.clean
class ProposalForm(forms.ModelForm):
    class Meta:
        model = Proposal
        fields = ["title"]
    def clean(self):
        cleaned = super().clean()
        if Proposal.objects.filter(round=self.round, author=self.author).count() >= 2:
            raise forms.ValidationError("two at most")
        return cleaned
class ProposeView(CreateView):
    form_class = ProposalForm
    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        kwargs["author"] = self.request.user
        return kwargs
    def form_valid(self, form):
        form.instance.author = self.request.user
        return super().form_valid(form)
#% is_valid, save(commit=False), save -> enrol|EnrolForm.clean_course
class EnrolForm(forms.ModelForm):
    class Meta:
        model = Enrolment
        fields = ["course"]
    def clean_course(self):
        course = self.cleaned_data["course"]
        if course.enrolment_set.count() >= course.capacity:
            raise forms.ValidationError("full")
        return course
def enrol(request):
    form = EnrolForm(request.POST)
    if form.is_valid():
        enrolment = form.save(commit=False)
        enrolment.student = request.user
        enrolment.save()
        return redirect("courses")
    return render(request, "enrol.html", {"form": form})
#% clean of the model, called by its save -> Lease.save|Lease.clean
class Lease(models.Model):
    flat = models.ForeignKey("Flat", on_delete=models.CASCADE)
    begins = models.DateField()
    ends = models.DateField()
    def clean(self):
        if Lease.objects.filter(flat=self.flat, begins__lt=self.ends, ends__gt=self.begins).exclude(pk=self.pk).exists():
            raise ValidationError("let already")
    def save(self, *args, **kwargs):
        self.full_clean()
        super().save(*args, **kwargs)
#% full_clean by the service -> let_flat|Tenancy.clean
class Tenancy(models.Model):
    flat = models.ForeignKey("Flat", on_delete=models.CASCADE)
    until = models.DateField(null=True)
    def clean(self):
        if Tenancy.objects.filter(flat=self.flat, until=None).exists():
            raise ValidationError("let already")
def let_flat(flat, tenant):
    tenancy = Tenancy(flat=flat, tenant=tenant)
    tenancy.full_clean()
    tenancy.save()
    return tenancy
#% the form sets its own row in save -> CritiqueForm.save|CritiqueForm.__init__|critique
class CritiqueForm(forms.ModelForm):
    class Meta:
        model = Critique
        fields = ["text"]
    def __init__(self, *args, work, critic, **kwargs):
        self.work = work
        self.critic = critic
        super().__init__(*args, **kwargs)
    def save(self, commit=True):
        self.instance.work = self.work
        self.instance.critic = self.critic
        return super().save(commit)
def critique(request, pk):
    work = get_object_or_404(Work, pk=pk)
    mine = Critique.objects.filter(work=work, critic=request.user).first()
    form = CritiqueForm(request.POST, instance=mine, work=work, critic=request.user)
    if form.is_valid():
        form.save()
    return redirect(work)
