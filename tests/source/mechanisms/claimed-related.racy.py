#% due by a column of a related row, which is set through the one found -> remind
class Membership(models.Model):
    person = models.OneToOneField(User, on_delete=models.CASCADE)
    ends = models.DateField()
    reminded_at = models.DateTimeField(null=True)


def remind():
    people = User.objects.filter(membership__ends__lte=soon(), membership__reminded_at__isnull=True)
    for person in people:
        person.membership.reminded_at = timezone.now()
        person.membership.save(update_fields=["reminded_at"])
        send_mail("Your membership ends", "…", None, [person.email])
#% two relations away, and charged -> charge_due
class Subscription(models.Model):
    account = models.OneToOneField("Account", on_delete=models.CASCADE)


class Card(models.Model):
    subscription = models.OneToOneField(Subscription, on_delete=models.CASCADE)
    last_try = models.DateTimeField(null=True)


def charge_due(gateway):
    accounts = Account.objects.filter(subscription__card__last_try__lt=yesterday()).select_related(
        "subscription__card"
    )
    for account in accounts:
        card = account.subscription.card
        card.last_try = timezone.now()
        card.save()
        gateway.charge(account)
#% conditions put together with Q before -> renew_domains
class Domain(models.Model):
    site = models.OneToOneField("Site", on_delete=models.CASCADE)
    renewed_on = models.DateField(null=True)
    expires = models.DateField()


def renew_domains(days):
    due = Q()
    for day in days:
        due |= Q(domain__renewed_on__isnull=True, domain__expires=day)
    for site in Site.objects.filter(due):
        site.domain.renewed_on = date.today()
        site.domain.save(update_fields=["renewed_on"])
        registrar.renew(site.domain)
        domain_renewed.send(sender=Site, site=site)
#% looked for by the state of its order, which is moved on -> ship_next
class Order(models.Model):
    status = models.CharField(max_length=10)


class Parcel(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)


def ship_next(carrier):
    parcel = Parcel.objects.filter(order__status="paid").first()
    if parcel is None:
        return
    parcel.order.status = "shipped"
    parcel.order.save()
    carrier.send_parcel(parcel)
    send_mail("shipped", "…", None, [parcel.order.email])
#% a flag of the form of the submission, and the form saved whole -> Submission.note_location
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
            form.save()


class Counter:
    def count(self, form_id):
        Form.objects.filter(pk=form_id).update(submissions=F("submissions") + 1)
#% a flag of a row two relations away, saved whole -> Upload.finish
class Album(models.Model):
    has_video = models.BooleanField(default=False)
    views = models.IntegerField(default=0)


class Item(models.Model):
    album = models.ForeignKey(Album, on_delete=models.CASCADE)


class Upload(models.Model):
    item = models.ForeignKey(Item, on_delete=models.CASCADE)
    kind = models.CharField(max_length=5)

    def finish(self):
        album = self.item.album
        if self.kind == "video" and not album.has_video:
            album.has_video = True
            album.save()


def viewed(pk):
    Album.objects.filter(pk=pk).update(views=F("views") + 1)
#% a flag on the parent of a comment, where others change its counters in Python -> Comment.pin
class Thread(models.Model):
    pinned = models.BooleanField(default=False)
    replies = models.IntegerField(default=0)


class Comment(models.Model):
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE)

    def pin(self):
        if not self.thread.pinned:
            self.thread.pinned = True
            self.thread.save()


def reply(request, pk):
    thread = Thread.objects.select_for_update().get(pk=pk)
    thread.replies += 1
    thread.save()
#% from a method that save() calls -> Photo._note_place
class Album(models.Model):
    has_places = models.BooleanField(default=False)
    photo_count = models.IntegerField(default=0)


class Photo(models.Model):
    album = models.ForeignKey(Album, on_delete=models.CASCADE)
    latitude = models.FloatField(null=True)

    def _note_place(self):
        album = self.album
        if self.latitude is not None and not album.has_places:
            album.has_places = True
            album.save()

    def save(self, *args, **kwargs):
        self._note_place()
        super().save(*args, **kwargs)


@receiver(post_save, sender=Photo)
def count_photos(sender, instance, created, **kwargs):
    if created:
        album = Album.objects.select_for_update().get(pk=instance.album_id)
        album.photo_count += 1
        album.save()
