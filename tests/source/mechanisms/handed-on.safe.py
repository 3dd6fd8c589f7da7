# Reasons that are found under a lock, or are about nothing that others change.
#% reasons in a list, about what was sent
class Copy(models.Model):
    title = models.CharField(max_length=9)
def borrow(request, pk):
    problems = []
    if len(request.POST["title"]) > 9:
        problems.append("too long")
    if problems:
        return JsonResponse({"problems": problems}, status=400)
    Copy.objects.create(title=request.POST["title"])
    return JsonResponse({})
#% reasons in a list, found under the lock
class Room(models.Model):
    beds = models.IntegerField()
class Stay(models.Model):
    room = models.ForeignKey(Room, related_name="stays", on_delete=models.CASCADE)
def errors_of(room):
    errors = []
    if room.stays.count() >= room.beds:
        errors.append("no bed")
    return errors
@transaction.atomic
def book(request, pk):
    room = Room.objects.select_for_update().get(pk=pk)
    errors = errors_of(room)
    if errors:
        return JsonResponse({"errors": errors}, status=400)
    Stay.objects.create(room=room)
    return JsonResponse({})
#% errors in a dictionary, of what must be there
class DeskSerializer(serializers.ModelSerializer):
    class Meta:
        model = Desk
        fields = ["name", "hall"]
    def validate(self, attrs):
        errors = {}
        if not Hall.objects.filter(pk=attrs["hall"]).exists():
            errors["hall"] = "unknown"
        if errors:
            raise serializers.ValidationError(errors)
        return attrs
#% the form's clean asks for what must be there
class CourseForm(forms.Form):
    def clean(self):
        data = super().clean()
        if not Course.objects.filter(code=data["code"]).exists():
            raise forms.ValidationError("unknown")
        return data
class EnrolView(FormView):
    form_class = CourseForm
    def form_valid(self, form):
        Enrolment.objects.create(code=form.cleaned_data["code"], user=self.request.user)
        return super().form_valid(form)
