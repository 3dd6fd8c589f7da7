#% claimed by an update that says what was validated
class RedeemSerializer(serializers.Serializer):
    code = serializers.CharField()

    def validate_code(self, value):
        coupon = Coupon.objects.filter(code=value, used=False).first()
        if not coupon:
            raise serializers.ValidationError("no")
        return coupon

    def create(self, validated_data):
        coupon = validated_data["code"]
        if not Coupon.objects.filter(pk=coupon.pk, used=False).update(used=True):
            raise serializers.ValidationError("used")
        return Credit.objects.create(user=self.context["request"].user, amount=coupon.amount)
#% looked at once more under the lock
class SeatSerializer(serializers.Serializer):
    def validate_seat(self, value):
        seat = Seat.objects.get(number=value)
        if seat.taken:
            raise serializers.ValidationError("taken")
        return seat

    @transaction.atomic
    def create(self, validated_data):
        seat = Seat.objects.select_for_update().get(pk=validated_data["seat"].pk)
        if seat.taken:
            raise serializers.ValidationError("taken")
        seat.taken = True
        seat.save(update_fields=["taken"])
        return Ticket.objects.create(seat=seat)
#% a row that is only pointed to
class LineSerializer(serializers.Serializer):
    def validate_product(self, value):
        product = Product.objects.get(code=value)
        if product.withdrawn:
            raise serializers.ValidationError("withdrawn")
        return product

    def create(self, validated_data):
        return Line.objects.create(product=validated_data["product"])
