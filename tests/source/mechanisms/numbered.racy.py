# A number from what is there, kept in a dictionary, a default or a validated row until somebody inserts it. One gap a heading.
#% number into kwargs, then create(**kwargs) -> Revision.add
class Revision(models.Model):
    page = models.ForeignKey(Page, on_delete=models.CASCADE)
    number = models.IntegerField()
    @classmethod
    def add(cls, **kwargs):
        last = cls.objects.filter(page=kwargs["page"]).order_by("-number").first()
        kwargs["number"] = (last.number if last else 0) + 1
        return cls.objects.create(**kwargs)
#% number into a dictionary by name, then create(**data) -> add
def add(page, text):
    data = {"page": page, "text": text}
    last = Revision.objects.filter(page=page).aggregate(Max("number"))["number__max"]
    data["number"] = last + 1
    return Revision.objects.create(**data)
#% number into a dictionary by update, then a row of it -> add
def add(page, text):
    data = dict(page=page, text=text)
    last = Revision.objects.filter(page=page).aggregate(Max("number"))["number__max"] or 0
    data.update(number=last + 1)
    revision = Revision(**data)
    revision.save()
#% number into validated_data, then super().create -> NoteSerializer.create
class Note(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    number = models.IntegerField()
class NoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Note
        fields = ["book", "text"]
    def create(self, validated_data):
        validated_data["number"] = Note.objects.filter(book=validated_data["book"]).count() + 1
        return super().create(validated_data)
#% number into the data of the manager's create -> NoteManager.create
class NoteManager(models.Manager):
    def create(self, **kwargs):
        top = self.filter(book=kwargs["book"]).aggregate(top=Max("number"))["top"] or 0
        kwargs.setdefault("number", top + 1)
        return super().create(**kwargs)
class Note(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    number = models.IntegerField()
    objects = NoteManager()
#% default of a field counts what is there -> next_number
def next_number():
    last = Parcel.objects.order_by("-number").first()
    return last.number + 1 if last else 1
class Parcel(models.Model):
    number = models.IntegerField(default=next_number)
#% default of a field asks for the maximum -> first_free
def first_free():
    return (Box.objects.aggregate(Max("shelf"))["shelf__max"] or 0) + 1
class Box(models.Model):
    shelf = models.PositiveIntegerField(default=first_free, editable=False)
#% a form's clean puts the next number into cleaned_data -> TicketForm.clean
class Ticket(models.Model):
    number = models.IntegerField()
class TicketForm(forms.ModelForm):
    class Meta:
        model = Ticket
        fields = ["title", "number"]
    def clean(self):
        data = super().clean()
        data["number"] = (Ticket.objects.aggregate(Max("number"))["number__max"] or 0) + 1
        return data
#% a form's clean numbers its instance -> TicketForm.clean
class Ticket(models.Model):
    number = models.IntegerField()
class TicketForm(forms.ModelForm):
    class Meta:
        model = Ticket
        fields = ["title"]
    def clean(self):
        data = super().clean()
        if not self.instance.pk:
            self.instance.number = Ticket.objects.count() + 1
        return data
#% a helper numbers in clean_fields -> Bill.clean_fields
class Bill(models.Model):
    number = models.IntegerField(null=True)
    def next_number(self):
        last = Bill.objects.order_by("number").last()
        return last.number + 1 if last else 1
    def clean_fields(self, exclude=None):
        if not self.number:
            self.number = self.next_number()
        super().clean_fields(exclude)
#% update() through a filter is the lock, the maximum in a helper, columns by dict.update -> Revision.add
class Revision(models.Model):
    page = models.ForeignKey(Page, on_delete=models.CASCADE)
    number = models.IntegerField()
    is_latest = models.BooleanField(default=True)
    @classmethod
    def highest(cls, page):
        row = cls.objects.filter(page=page).order_by("-number").first()
        return row.number if row else 0
    @classmethod
    def add(cls, **kwargs):
        with transaction.atomic():
            page = kwargs["page"]
            cls.objects.filter(page=page, is_latest=True).select_for_update().update(is_latest=False)
            kwargs.update({"number": cls.highest(page) + 1, "is_latest": True})
            return cls.objects.create(**kwargs)
#% clean takes the next number, the form saves it -> Receipt.clean
class Receipt(models.Model):
    number = models.IntegerField(null=True)
    year = models.IntegerField()
    def clean(self):
        if self.number is None:
            self.number = (Receipt.objects.filter(year=self.year).aggregate(Max("number"))["number__max"] or 0) + 1
        super().clean()
#% clean takes the next number in three ways -> Voucher.clean
class Voucher(models.Model):
    number = models.IntegerField(null=True)
    issued = models.DateField()
    def clean(self):
        if self.number is None:
            if settings.RESET == "daily":
                last = Voucher.objects.filter(issued=self.issued).aggregate(Max("number"))["number__max"] or 0
            elif settings.RESET == "yearly":
                last = Voucher.objects.filter(issued__year=self.issued.year).aggregate(Max("number"))["number__max"] or 0
            else:
                raise ImproperlyConfigured("reset")
            self.number = last + 1
        super(Voucher, self).clean()
#% missed: pre_save of a field of one's own -> Serial.pre_save
class Serial(models.IntegerField):
    def pre_save(self, model_instance, add):
        if add:
            top = type(model_instance).objects.aggregate(top=Max(self.attname))["top"] or 0
            setattr(model_instance, self.attname, top + 1)
        return super().pre_save(model_instance, add)
