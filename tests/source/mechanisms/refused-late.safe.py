#% what the database refuses is told as an answer
class Zone(models.Model):
    site = models.ForeignKey("Site", on_delete=models.CASCADE)
    name = models.CharField(max_length=50)
    class Meta:
        unique_together = ("site", "name")
class ZoneSerializer(serializers.ModelSerializer):
    class Meta:
        model = Zone
        fields = ["name"]
    def validate_name(self, value):
        if Zone.objects.filter(site=self.context["site"], name=value).exists():
            raise serializers.ValidationError("taken")
        return value
    def create(self, validated_data):
        try:
            return Zone.objects.create(site=self.context["site"], **validated_data)
        except IntegrityError:
            raise serializers.ValidationError({"name": "taken"})
#% made where it is missing
class Subscriber(models.Model):
    email = models.EmailField(unique=True)
class JoinForm(forms.Form):
    email = forms.EmailField()
    def clean_email(self):
        email = self.cleaned_data["email"]
        if Subscriber.objects.filter(email=email).exists():
            raise forms.ValidationError("you are with us")
        return email
    def save(self):
        return Subscriber.objects.get_or_create(email=self.cleaned_data["email"])[0]
