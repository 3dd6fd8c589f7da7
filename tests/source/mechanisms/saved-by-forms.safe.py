#% both in one transaction
class Crew(models.Model):
    name = models.CharField(max_length=40)
class Sailor(models.Model):
    crew = models.ForeignKey(Crew, on_delete=models.CASCADE)
    rank = models.IntegerField()
def edit_crew(request, pk):
    crew = get_object_or_404(Crew, pk=pk)
    SailorFormSet = modelformset_factory(Sailor, fields=["rank"])
    form = CrewForm(request.POST, instance=crew)
    formset = SailorFormSet(request.POST, queryset=crew.sailor_set.all())
    if form.is_valid() and formset.is_valid():
        with transaction.atomic():
            form.save()
            formset.save()
    return redirect("crews")
#% one row, saved twice
class LetterView(View):
    def publish(self):
        self.letter = self.form.save()
        self.letter.slug = "letter"
        self.letter.save()
        return redirect("letters")
#% a step of a base class, which calls it in a transaction
class Imports(View):
    def post(self, request):
        with transaction.atomic():
            for form in self.forms(request):
                self.save_one(form)
        return redirect("imports")
    def save_one(self, form):
        return form.save()
class CrewImports(Imports):
    def save_one(self, form):
        crew = form.save()
        ship = crew.ship
        ship.manned = True
        ship.save()
        return crew
#% one form or the other
def edit(request):
    first_form = FirstForm(request.POST)
    second_form = SecondForm(request.POST)
    if "first" in request.POST:
        first_form.save()
    else:
        second_form.save()
    return redirect("all")
