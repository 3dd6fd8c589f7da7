#% of none, none is deleted
class Device(models.Model):
    name = models.CharField(max_length=80)
    def retire(self):
        with transaction.atomic():
            Device.objects.select_for_update().filter(pk=self.pk).delete()
#% who comes second is told
def retire(request, code):
    device = get_object_or_404(Device, code=code)
    with transaction.atomic():
        get_object_or_404(Device.objects.select_for_update(), id=device.id).delete()
    return HttpResponse(status=204)
#% that it may be gone is thought of
class Device(models.Model):
    name = models.CharField(max_length=80)
    def retire(self):
        try:
            with transaction.atomic():
                Device.objects.select_for_update().get(pk=self.pk).delete()
        except Device.DoesNotExist:
            pass
#% asked for by whoever may be wrong
def retire(pk):
    with transaction.atomic():
        Device.objects.select_for_update().get(pk=pk).delete()
#% more is done with it than to delete it
class Device(models.Model):
    name = models.CharField(max_length=80)
    def retire(self, user):
        with transaction.atomic():
            device = Device.objects.select_for_update().get(pk=self.pk)
            Retirement.objects.create(name=device.name, user=user)
            device.delete()
