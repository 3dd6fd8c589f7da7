#% what a field's validator has found is used by create -> RedeemSerializer.create
class RedeemSerializer(serializers.Serializer):
    code = serializers.CharField()

    def validate_code(self, value):
        coupon = Coupon.objects.filter(code=value, used=False).first()
        if not coupon:
            raise serializers.ValidationError("no")
        return coupon

    def create(self, validated_data):
        coupon = validated_data["code"]
        coupon.used = True
        coupon.save()
        return Credit.objects.create(user=self.context["request"].user, amount=coupon.amount)
#% what a form's clean has found, by its save -> RedeemForm.save
class RedeemForm(forms.Form):
    code = forms.CharField()

    def clean_code(self):
        try:
            coupon = Coupon.objects.get(code=self.cleaned_data["code"])
        except Coupon.DoesNotExist:
            raise forms.ValidationError("no such code")
        if coupon.used:
            raise forms.ValidationError("used")
        return coupon

    def save(self, user):
        coupon = self.cleaned_data["code"]
        coupon.used = True
        coupon.save()
        return Credit.objects.create(user=user, amount=coupon.amount)
#% taken out of the validated data -> SeatSerializer.create
class SeatSerializer(serializers.Serializer):
    def validate_seat(self, value):
        seat = Seat.objects.get(number=value)
        if seat.taken:
            raise serializers.ValidationError("taken")
        return seat

    def create(self, validated_data):
        seat = validated_data.pop("seat")
        ticket = Ticket.objects.create(seat=seat, **validated_data)
        seat.taken = True
        seat.save(update_fields=["taken"])
        return ticket
