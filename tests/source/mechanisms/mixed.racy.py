# Gaps as they stand in larger code: logging, flags, early answers and helpers around them.
#% celery lock flag in a column -> sync_account
@app.task(ignore_result=True)
def sync_account(account_id, force=False):
    account = Account.objects.select_related("owner").get(pk=account_id)
    if account.is_syncing and not force:
        logger.info("already syncing %s", account_id)
        return
    account.is_syncing = True
    account.save(update_fields=["is_syncing"])
    try:
        for item in provider.fetch(account.remote_id):
            Item.objects.create(account=account, remote=item["id"])
    finally:
        account.is_syncing = False
        account.save(update_fields=["is_syncing"])
#% the token is popped out of a list in JSON -> consume_backup_code
def consume_backup_code(user, code):
    device = user.backup_device
    if code not in device.codes:
        return False
    device.codes.remove(code)
    device.save()
    return True
#% the first admin -> RegisterView.post
class RegisterView(APIView):
    authentication_classes = []
    def post(self, request):
        data = RegisterInput(**request.data)
        is_first = not User.objects.exists()
        user = User(username=data.username, is_superuser=is_first)
        user.set_password(data.password)
        user.save()
        return Response({"id": user.id})
#% order numbers by the last one -> Invoice.save
class Invoice(models.Model):
    number = models.CharField(max_length=20)
    year = models.IntegerField()
    def save(self, *args, **kwargs):
        if not self.number:
            last = Invoice.objects.filter(year=self.year).order_by("-number").first()
            seq = int(last.number.split("-")[1]) + 1 if last else 1
            self.number = f"{self.year}-{seq:05d}"
        super().save(*args, **kwargs)
#% a reservation that is renewed or made -> hold_item
def hold_item(session, item):
    hold = Hold.objects.filter(session=session, item=item).first()
    if hold:
        hold.expires = timezone.now() + HOLD
        hold.save(update_fields=["expires"])
    else:
        taken = Hold.objects.filter(item=item, expires__gt=timezone.now()).count()
        if taken < item.quantity:
            hold = Hold(session=session, item=item, expires=timezone.now() + HOLD)
            hold.save()
    return hold
#% positions in a list -> add_card
def add_card(column, title):
    position = column.cards.aggregate(Max("position"))["position__max"] or 0
    return Card.objects.create(column=column, title=title, position=position + 1)
#% a default flag among siblings -> set_default
def set_default(address):
    Address.objects.filter(customer=address.customer, is_default=True).update(is_default=False)
    address.is_default = True
    address.save()
#% first address is the default -> AddressViewSet.perform_create
class AddressViewSet(viewsets.ModelViewSet):
    queryset = Address.objects.all()
    def perform_create(self, serializer):
        has_any = self.request.user.addresses.exists()
        serializer.save(user=self.request.user, is_default=not has_any)
#% stock by a property -> Basket.checkout|Product.take
class Product(models.Model):
    stock = models.IntegerField()
    @property
    def in_stock(self):
        return self.stock > 0
    def take(self, n=1):
        self.stock = max(0, self.stock - n)
        self.save(update_fields=["stock"])
class Basket(models.Model):
    def checkout(self):
        for line in self.lines.select_related("product"):
            if not line.product.in_stock:
                raise OutOfStock(line.product)
            line.product.take(line.quantity)
            Sale.objects.create(product=line.product, quantity=line.quantity)
#% webhook delivered twice -> stripe_webhook
@csrf_exempt
def stripe_webhook(request):
    event = stripe.Webhook.construct_event(request.body, request.headers["Stripe-Signature"], SECRET)
    if ProcessedEvent.objects.filter(event_id=event["id"]).exists():
        return HttpResponse(status=200)
    handle_event(event)
    ProcessedEvent.objects.create(event_id=event["id"])
    return HttpResponse(status=200)
#% like toggled -> toggle_like
@login_required
def toggle_like(request, pk):
    post = get_object_or_404(Post, pk=pk)
    like = post.likes.filter(user=request.user)
    if like.exists():
        like.delete()
        liked = False
    else:
        post.likes.create(user=request.user)
        liked = True
    return JsonResponse({"liked": liked, "count": post.likes.count()})
#% counts kept on the parent by signals -> recount
@receiver([post_save, post_delete], sender=Reply)
def recount(sender, instance, **kwargs):
    thread = instance.thread
    thread.reply_count = thread.replies.count()
    thread.save()
#% retries counted and locked out -> check_pin
def check_pin(card, pin):
    if card.locked_until and card.locked_until > timezone.now():
        raise Locked()
    if card.pin != pin:
        card.failures += 1
        if card.failures >= 3:
            card.locked_until = timezone.now() + timedelta(hours=1)
        card.save()
        return False
    card.failures = 0
    card.save()
    return True
#% device code exchanged -> token_view
def token_view(request):
    grant = DeviceGrant.objects.filter(device_code=request.POST["device_code"]).first()
    if grant is None or grant.status != DeviceGrant.AUTHORIZED:
        return JsonResponse({"error": "authorization_pending"}, status=400)
    token = AccessToken.objects.create(user=grant.user, token=secrets.token_urlsafe())
    grant.status = DeviceGrant.USED
    grant.save()
    return JsonResponse({"access_token": token.token})
#% the session's cart merged at login -> merge_cart
def merge_cart(user, session_key):
    old = Cart.objects.filter(session_key=session_key).first()
    if not old:
        return
    cart, _ = Cart.objects.get_or_create(user=user)
    for line in old.lines.all():
        mine = cart.lines.filter(product=line.product).first()
        if mine:
            mine.quantity += line.quantity
            mine.save()
        else:
            line.cart = cart
            line.save()
    old.delete()
#% email change confirmed -> confirm_email
def confirm_email(request, key):
    change = get_object_or_404(EmailChange, key=key)
    if User.objects.filter(email=change.new_email).exclude(pk=change.user_id).exists():
        messages.error(request, "in use")
        return redirect("profile")
    user = change.user
    user.email = change.new_email
    user.save()
    change.delete()
    return redirect("profile")
#% quota of bytes -> UploadView.post
class UploadView(APIView):
    def post(self, request):
        used = File.objects.filter(owner=request.user).aggregate(total=Sum("size"))["total"] or 0
        upload = request.FILES["file"]
        if used + upload.size > request.user.plan.quota:
            return Response(status=413)
        stored = File.objects.create(owner=request.user, size=upload.size, blob=upload)
        return Response({"id": stored.pk}, status=201)
#% worker picks a job -> next_job
def next_job(worker):
    job = Job.objects.filter(status="queued").order_by("created").first()
    if job is None:
        return None
    job.status = "running"
    job.worker = worker
    job.save()
    return job
#% tags made on the way -> set_tags
def set_tags(article, names):
    tags = []
    for name in names:
        try:
            tag = Tag.objects.get(name__iexact=name)
        except Tag.DoesNotExist:
            tag = Tag.objects.create(name=name)
        tags.append(tag)
    article.tags.set(tags)
#% a lottery drawn once -> draw_winner
def draw_winner(raffle_id):
    raffle = Raffle.objects.get(pk=raffle_id)
    if raffle.winner is not None:
        return raffle.winner
    entry = random.choice(list(raffle.entries.all()))
    raffle.winner = entry.user
    raffle.save()
    notify(entry.user, raffle)
    return raffle.winner
#% settings as one JSON -> PreferenceView.patch
class PreferenceView(APIView):
    def patch(self, request):
        profile = request.user.profile
        prefs = dict(profile.preferences or {})
        prefs.update(request.data)
        profile.preferences = prefs
        profile.save(update_fields=["preferences"])
        return Response(prefs)
#% points and a level -> award
def award(user, points):
    stats, created = Stats.objects.get_or_create(user=user)
    total = stats.points + points
    if total >= stats.next_level_at:
        stats.level = stats.level + 1
        stats.next_level_at = stats.next_level_at * 2
    stats.points = total
    stats.save()
#% rotating refresh tokens by hand -> rotate
def rotate(request):
    raw = request.COOKIES.get("refresh")
    stored = RefreshToken.objects.filter(hash=sha256(raw), revoked=False).first()
    if stored is None or stored.expires < timezone.now():
        raise AuthenticationFailed()
    stored.revoked = True
    stored.save()
    fresh = RefreshToken.objects.create(user=stored.user, hash=sha256(secrets.token_hex()))
    return fresh
#% seats left in an annotate -> book
def book(request, pk):
    trip = Trip.objects.annotate(booked=Count("bookings")).get(pk=pk)
    if trip.booked >= trip.seats:
        return JsonResponse({"error": "full"}, status=409)
    booking = Booking.objects.create(trip=trip, user=request.user)
    return JsonResponse({"id": booking.id}, status=201)
#% refund once -> RefundService.refund
class RefundService:
    def __init__(self, gateway):
        self.gateway = gateway
    def refund(self, payment, amount):
        already = payment.refunds.aggregate(s=Sum("amount"))["s"] or Decimal(0)
        if already + amount > payment.amount:
            raise RefundError("too much")
        remote = self.gateway.refund(payment.remote_id, amount)
        return Refund.objects.create(payment=payment, amount=amount, remote_id=remote["id"])
#% a slug that is free -> make_slug|create_page
def make_slug(title):
    base = slug = slugify(title)
    n = 1
    while Page.objects.filter(slug=slug).exists():
        n += 1
        slug = f"{base}-{n}"
    return slug
def create_page(request):
    return Page.objects.create(slug=make_slug(request.POST["title"]), title=request.POST["title"])
#% a friendship both ways -> accept
def accept(request, pk):
    invitation = get_object_or_404(FriendRequest, pk=pk, to=request.user)
    if not Friendship.objects.filter(a=invitation.sender, b=request.user).exists():
        Friendship.objects.bulk_create([
            Friendship(a=invitation.sender, b=request.user),
            Friendship(a=request.user, b=invitation.sender),
        ])
    invitation.delete()
    return redirect("friends")
