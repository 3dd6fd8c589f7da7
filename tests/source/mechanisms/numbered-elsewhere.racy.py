#% the last row is locked, the new one is not there yet: who has waited goes on with the old one -> Licence.next_number
class Licence(models.Model):
    number = models.CharField(max_length=12)
    def save(self, *args, **kwargs):
        if not self.number:
            self.number = self.next_number()
        super().save(*args, **kwargs)
    @staticmethod
    def next_number():
        last = Licence.objects.select_for_update().order_by("number").last()
        if last is None:
            return "L0000001"
        return f"L{int(last.number[1:]) + 1:07d}"
