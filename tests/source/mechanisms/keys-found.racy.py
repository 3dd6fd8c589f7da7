#% a key that stays None where none was found -> label
class Tag(models.Model):
    name = models.CharField(max_length=40)
def label(name):
    key = None
    try:
        key = Tag.objects.get(name=name).pk
    except Tag.DoesNotExist:
        pass
    if key is None:
        key = Tag.objects.create(name=name).pk
    return key
#% a key that was sent, or else is looked for, of a row that is put together -> import_seat
class Seat(models.Model):
    hall = models.IntegerField()
    number = models.IntegerField()
def import_seat(given):
    key = given.get("id")
    if key is None:
        try:
            key = Seat.objects.get(hall=given["hall"], number=given["number"]).pk
        except Seat.DoesNotExist:
            pass
    seat = Seat(hall=given["hall"], number=given["number"])
    seat.pk = key
    if seat.pk is None:
        seat.save()
    return seat
#% another column of what was found -> Importer.owner_of
class Owner(models.Model):
    email = models.EmailField()
    code = models.CharField(max_length=10)
class Importer:
    def owner_of(self, email):
        code = None
        try:
            code = Owner.objects.get(email=email).code
        except Owner.DoesNotExist:
            logger.info("new owner")
        if not code:
            code = Owner.objects.create(email=email, code=random_code()).code
        return code
