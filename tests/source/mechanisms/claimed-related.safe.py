#% claimed by an update that says what was found
class Membership(models.Model):
    person = models.OneToOneField(User, on_delete=models.CASCADE)
    ends = models.DateField()
    reminded_at = models.DateTimeField(null=True)


def remind():
    people = User.objects.filter(membership__ends__lte=soon(), membership__reminded_at__isnull=True)
    for person in people:
        if not Membership.objects.filter(person=person, reminded_at=None).update(reminded_at=timezone.now()):
            continue
        send_mail("Your membership ends", "…", None, [person.email])
#% locked with what is joined
class Order(models.Model):
    status = models.CharField(max_length=10)


class Parcel(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)


@transaction.atomic
def ship_next(carrier):
    parcel = Parcel.objects.select_for_update().select_related("order").filter(order__status="paid").first()
    if parcel is None:
        return
    parcel.order.status = "shipped"
    parcel.order.save()
    carrier.send_parcel(parcel)
#% only the flag is written
class Form(models.Model):
    has_locations = models.BooleanField(default=False)
    submissions = models.IntegerField(default=0)


class Submission(models.Model):
    form = models.ForeignKey(Form, on_delete=models.CASCADE)
    latitude = models.FloatField(null=True)

    def note_location(self):
        form = self.form
        if self.latitude is not None and not form.has_locations:
            form.has_locations = True
            form.save(update_fields=["has_locations"])


class Counter:
    def count(self, form_id):
        Form.objects.filter(pk=form_id).update(submissions=F("submissions") + 1)
