#% an entry says what was changed -> rename
class Harbour(models.Model):
    name = models.CharField(max_length=40)
def rename(request, pk):
    harbour = Harbour.objects.get(pk=pk)
    harbour.name = request.POST["name"]
    harbour.save(update_fields=["name"])
    table = log_table_of(harbour)
    table.objects.log_action(harbour, "rename", user=request.user)
#% an entry says that it is gone before it is -> HarbourDelete.delete
class Harbour(models.Model):
    name = models.CharField(max_length=40)
class Registry:
    def write(self, instance, action):
        if isinstance(instance, LazyObject):
            instance = instance._wrapped
        table = self.table_of(instance)
        return table.objects.log_action(instance, action)
registry = Registry()
class HarbourDelete(View):
    def delete(self, request, pk):
        self.object = Harbour.objects.get(pk=pk)
        registry.write(self.object, "delete")
        self.object.delete()
        return redirect("harbours")
#% what a form made -> HarbourCreate.form_valid
class HarbourCreate(View):
    def form_valid(self, form):
        self.form = form
        self.object = self.form.save()
        self.table.objects.log_action(self.object, "create")
        return redirect("harbours")
