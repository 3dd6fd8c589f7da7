#% locked by get(), only to be deleted -> Device.retire
class Device(models.Model):
    name = models.CharField(max_length=80)
    def retire(self):
        with transaction.atomic():
            Device.objects.select_for_update().get(pk=self.pk).delete()
#% found, then locked to be deleted -> retire
def retire(request, code):
    device = get_object_or_404(Device, code=code)
    with transaction.atomic():
        locked = Device.objects.select_for_update().get(id=device.id)
        locked.delete()
    return HttpResponse(status=204)
