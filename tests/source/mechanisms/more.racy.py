# More gaps as they stand in larger code.
#% an API key is rotated by delete and create -> rotate_key
def rotate_key(user):
    ApiKey.objects.filter(user=user).delete()
    return ApiKey.objects.create(user=user, key=secrets.token_hex(20))
#% attempts in the cache -> throttle_login
def throttle_login(request):
    key = "login:%s" % request.META["REMOTE_ADDR"]
    attempts = cache.get(key, 0)
    if attempts >= 5:
        raise PermissionDenied()
    cache.set(key, attempts + 1, 300)
#% a list in the cache -> remember_visit
def remember_visit(user, page):
    seen = cache.get("seen-%d" % user.pk) or []
    seen.append(page.pk)
    cache.set("seen-%d" % user.pk, seen)
#% a limit on a relation -> join_team
def join_team(request, pk):
    team = get_object_or_404(Team, pk=pk)
    if team.members.count() >= team.max_members:
        return HttpResponse(status=409)
    team.members.add(request.user)
    return HttpResponse(status=204)
#% interest for all accounts at once -> add_interest
def add_interest(rate):
    accounts = list(Account.objects.filter(kind="savings"))
    for account in accounts:
        account.balance += account.balance * rate
    Account.objects.bulk_update(accounts, ["balance"])
#% a reset token in a column -> reset_password
def reset_password(request, uid, token):
    user = get_object_or_404(User, pk=uid)
    if not user.reset_token or user.reset_token != token:
        return HttpResponse(status=400)
    user.set_password(request.POST["password"])
    user.reset_token = None
    user.save()
    Session.objects.create(user=user)
    return redirect("login")
#% read again, but not locked -> withdraw
def withdraw(wallet, amount):
    with transaction.atomic():
        wallet.refresh_from_db()
        if wallet.balance < amount:
            raise NotEnough()
        wallet.balance -= amount
        wallet.save()
        Entry.objects.create(wallet=wallet, amount=-amount)
#% stock in a nested update -> OrderSerializer.create
class OrderSerializer(serializers.ModelSerializer):
    lines = LineSerializer(many=True)
    class Meta:
        model = Order
        fields = ["lines"]
    def create(self, validated_data):
        lines = validated_data.pop("lines")
        order = Order.objects.create(**validated_data)
        for line in lines:
            product = line["product"]
            if product.stock < line["quantity"]:
                raise serializers.ValidationError("out of stock")
            product.stock -= line["quantity"]
            product.save()
            Line.objects.create(order=order, **line)
        return order
#% the latest version plus one, through the reverse relation -> DocumentViewSet.perform_update
class DocumentViewSet(viewsets.ModelViewSet):
    queryset = Document.objects.all()
    serializer_class = DocumentSerializer
    def perform_update(self, serializer):
        document = serializer.save()
        latest = document.versions.order_by("-number").first()
        number = latest.number + 1 if latest else 1
        document.versions.create(number=number, text=document.text)
#% an idempotency key -> PaymentView.post
class PaymentView(APIView):
    def post(self, request):
        key = request.headers.get("Idempotency-Key")
        existing = Payment.objects.filter(key=key).first()
        if existing is not None:
            return Response(PaymentSerializer(existing).data)
        charge = stripe.Charge.create(amount=request.data["amount"])
        payment = Payment.objects.create(key=key, remote=charge.id, amount=request.data["amount"])
        return Response(PaymentSerializer(payment).data, status=201)
#% the state asked by a helper with many states -> PublishView.post
FINAL = {"published", "archived"}
def is_final(article):
    return article.status in FINAL
class PublishView(APIView):
    def post(self, request, pk):
        article = get_object_or_404(Article, pk=pk)
        if is_final(article):
            return Response({"detail": "final"}, status=400)
        article.status = "published"
        article.published_at = timezone.now()
        article.save()
        notify_subscribers.delay(article.pk)
        return Response(status=204)
#% bids -> place_bid
def place_bid(auction, user, amount):
    highest = auction.bids.order_by("-amount").first()
    if highest and amount <= highest.amount:
        raise TooLow()
    return Bid.objects.create(auction=auction, user=user, amount=amount)
#% overlapping rows -> ScheduleForm.clean|ScheduleForm.save
class ScheduleForm(forms.ModelForm):
    class Meta:
        model = Slot
        fields = ["room", "start", "end"]
    def clean(self):
        data = super().clean()
        overlaps = Slot.objects.filter(room=data["room"]).filter(start__lt=data["end"], end__gt=data["start"])
        if self.instance.pk:
            overlaps = overlaps.exclude(pk=self.instance.pk)
        if overlaps:
            self.add_error("start", "overlaps")
        return data
#% a coupon's uses by a count of rows -> Cart.apply
class Coupon(models.Model):
    limit = models.IntegerField()
    def remaining(self):
        return self.limit - self.redemptions.count()
class Redemption(models.Model):
    coupon = models.ForeignKey(Coupon, related_name="redemptions", on_delete=models.CASCADE)
class Cart(models.Model):
    def apply(self, coupon):
        if coupon.remaining() <= 0:
            raise ValidationError("used up")
        Redemption.objects.create(coupon=coupon, cart=self)
#% the owner leaves, the last one must stay -> leave
def leave(request, pk):
    membership = get_object_or_404(Membership, team_id=pk, user=request.user)
    if membership.role == "owner" and Membership.objects.filter(team_id=pk, role="owner").count() == 1:
        return HttpResponse(status=409)
    membership.delete()
    return HttpResponse(status=204)
#% a row for the day -> today
def today(user):
    day = timezone.localdate()
    try:
        return DailyStat.objects.get(user=user, day=day)
    except DailyStat.DoesNotExist:
        stat = DailyStat(user=user, day=day)
        stat.seen = 1
        stat.save()
        return stat
#% a message is sent once -> send_reminders
def send_reminders():
    for visit in Visit.objects.filter(reminded=False, day=date.today()):
        EmailMessage("reminder", "…", to=[visit.email]).send()
        visit.reminded = True
        visit.save(update_fields=["reminded"])
#% the sum of children in the parent -> add_line
def add_line(order, product, quantity):
    Line.objects.create(order=order, product=product, quantity=quantity)
    order.total = order.lines.aggregate(t=Sum(F("quantity") * F("price")))["t"]
    order.save()
#% a username from a mail address -> SocialAdapter.new_user
class SocialAdapter(DefaultSocialAccountAdapter):
    def new_user(self, data):
        name = data["email"].split("@")[0]
        suffix = User.objects.filter(username__startswith=name).count()
        return User.objects.create_user(username=f"{name}{suffix or ''}", email=data["email"])
#% swapped positions -> move_up
def move_up(item):
    above = Item.objects.filter(list=item.list, position__lt=item.position).order_by("-position").first()
    if above is None:
        return
    item.position, above.position = above.position, item.position
    item.save()
    above.save()
#% a refresh token kept for one client -> refresh_credentials
def refresh_credentials(connection):
    if connection.expires_at > timezone.now():
        return connection.access_token
    answer = requests.post(TOKEN_URL, data={"refresh_token": connection.refresh_token}).json()
    connection.access_token = answer["access_token"]
    connection.refresh_token = answer["refresh_token"]
    connection.expires_at = timezone.now() + timedelta(seconds=answer["expires_in"])
    connection.save()
    return connection.access_token
