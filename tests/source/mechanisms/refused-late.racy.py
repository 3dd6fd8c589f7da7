#% the name is tested by the serializer and made by its own create -> ZoneSerializer.create
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
        zones = Zone.objects.filter(site=self.context["site"], name=value)
        if self.instance:
            zones = zones.exclude(pk=self.instance.pk)
        if zones.exists():
            raise serializers.ValidationError("taken")
        return value
    def create(self, validated_data):
        return Zone.objects.create(site=self.context["site"], **validated_data)
#% the address is tested by the form and made by its own save -> JoinForm.save
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
        return Subscriber.objects.create(email=self.cleaned_data["email"])
