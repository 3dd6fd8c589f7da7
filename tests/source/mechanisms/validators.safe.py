#% a validator that looks at nothing
def short(value):
    if len(value) > 8:
        raise serializers.ValidationError("too long")
class BadgeSerializer(serializers.Serializer):
    label = serializers.CharField(validators=[short])
    def create(self, validated_data):
        return Badge.objects.create(**validated_data)
#% what must be there
def known_harbour(value):
    if not Harbour.objects.filter(code=value).exists():
        raise serializers.ValidationError("unknown")
class StopSerializer(serializers.Serializer):
    harbour = serializers.CharField(validators=[known_harbour])
    def create(self, validated_data):
        return Stop.objects.create(**validated_data)
#% refused by the database, and that is handled
class SignSerializer(serializers.ModelSerializer):
    class Meta:
        model = Sign
        fields = ["code"]
    def validate_code(self, value):
        if Sign.objects.filter(code=value).exists():
            raise ValidationError("taken")
        return value
    def create(self, validated_data):
        try:
            with transaction.atomic():
                return super().create(validated_data)
        except IntegrityError:
            raise ValidationError("taken")
#% validated once more under the parent's lock
class BerthSerializer(serializers.Serializer):
    def create(self, validated_data):
        with transaction.atomic():
            pier = Pier.objects.select_for_update().get(pk=validated_data["pier"])
            if Berthing.objects.filter(pier=pier, day=validated_data["day"]).exists():
                raise ValidationError("occupied")
            return Berthing.objects.create(pier=pier, day=validated_data["day"])
#% clean looks at the row's own values
class Lease(models.Model):
    begins = models.DateField()
    ends = models.DateField()
    def clean(self):
        if self.begins > self.ends:
            raise ValidationError("backwards")
    def save(self, *args, **kwargs):
        self.full_clean()
        super().save(*args, **kwargs)
#% a form of one column that is unique
class Nick(models.Model):
    nick = models.CharField(max_length=30, unique=True)
class NickForm(forms.ModelForm):
    class Meta:
        model = Nick
        fields = ["nick"]
    def clean_nick(self):
        nick = self.cleaned_data["nick"]
        if Nick.objects.filter(nick=nick).exists():
            raise forms.ValidationError("taken")
        return nick
#% a search form
class SearchForm(forms.Form):
    word = forms.CharField()
    def clean_word(self):
        word = self.cleaned_data["word"]
        if not Article.objects.filter(text__contains=word).exists():
            raise forms.ValidationError("nothing found")
        return word
#% form_valid sets who it was
class NoteView(CreateView):
    model = Note
    fields = ["text"]
    def form_valid(self, form):
        form.instance.author = self.request.user
        return super().form_valid(form)
#% an edit of what is there
class TitleSerializer(GeoNestedModelSerializer):
    class Meta:
        model = Page
        fields = ["title"]
    def validate_title(self, value):
        return value.strip()
    def update(self, instance, validated_data):
        return super().update(instance, validated_data)
#% made, then looked at again and taken back
class BerthSerializer(serializers.ModelSerializer):
    class Meta:
        model = Berthing
        fields = ["pier", "day"]
    def validate(self, attrs):
        if Berthing.objects.filter(pier=attrs["pier"], day=attrs["day"]).exists():
            raise ValidationError("occupied")
        return attrs
    def create(self, validated_data):
        berthing = super().create(validated_data)
        others = Berthing.objects.filter(pier=berthing.pier, day=berthing.day).exclude(pk=berthing.pk)
        if others.exists():
            berthing.delete()
            raise ValidationError("occupied")
        return berthing
