#% a form and its formset -> edit_crew
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
        form.save()
        formset.save()
    return redirect("crews")
#% what the form holds, and what goes with it -> LetterView.publish
class LetterView(View):
    def publish(self):
        self.letter = self.form.save()
        self.subscription.save()
        return redirect("letters")
