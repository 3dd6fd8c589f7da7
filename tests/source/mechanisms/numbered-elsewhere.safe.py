#% the first row is locked before the last one is read
class Licence(models.Model):
    number = models.CharField(max_length=12)
    @transaction.atomic
    def save(self, *args, **kwargs):
        if not self.number:
            self.number = self.next_number()
        super().save(*args, **kwargs)
    @staticmethod
    def next_number():
        Licence.objects.order_by("pk").select_for_update().first()
        last = Licence.objects.order_by("number").last()
        if last is None:
            return "L0000001"
        return f"L{int(last.number[1:]) + 1:07d}"
