# Gaps in the layouts that people write: what a fix has to leave as it is. One a heading; (kept) has no fix.
#% decorators over several lines
@require_POST
@permission_required(
    "shop.spend",
    raise_exception=True,
)
def spend(request, pk):
    """Spends.

      A docstring with its own indentation.
    """
    # the wallet of the caller
    wallet = Wallet.objects.get(
        pk=pk,  # from the path
        owner=request.user,
    )
    if wallet.coins < 5:
        # not enough
        return HttpResponse(
            "too few",
            status=409,
        )

    wallet.coins -= 5  # the price
    wallet.save()
    return HttpResponse("ok")
#% a string over several lines in what is moved
def report(request, pk):
    job = Job.objects.get(pk=pk)
    if job.state != "new":
        return HttpResponse(status=409)
    text = """
first line
    second line
\tthird
"""
    job.state = "done"
    job.log = text
    job.save()
    Report.objects.create(job=job, text=f"""
{text}
""")
#% a comment at column 0, an empty line with blanks
def take(request, pk):
    prize = Prize.objects.get(pk=pk)
# why this is checked
    if prize.taken:
        return HttpResponse(status=410)
   
    prize.taken = True
    prize.save()
    Winner.objects.create(prize=prize, user=request.user)
#% coroutine
class Likes:
    async def like(self, request, pk):
        post = await Post.objects.aget(pk=pk)
        post.likes += 1  # one more
        await post.asave(update_fields=["likes"])
        return JsonResponse({})
#% names that are taken
def settle(request, transaction, F=None):
    account = Account.objects.get(number=request.POST["number"])
    if account.settled:
        return HttpResponse(status=409)
    account.settled = True
    account.save()
    Entry.objects.create(account=account, reference=transaction)
#% imports in brackets
"""The module."""
from __future__ import annotations

import json
from django.db import (
    IntegrityError,  # handled elsewhere
    models,
)
from django.http import HttpResponse

from .things import helper


class Meter(models.Model):
    value = models.PositiveIntegerField(default=0)
    seen = models.DateTimeField(auto_now=True)


def count(request, pk):
    meter = Meter.objects.get(pk=pk)
    meter.value = meter.value + 1
    meter.save()
    return HttpResponse(json.dumps({"value": meter.value}))
#% relative imports only
from .models import Ticket
from .views import View


class Close(View):
    def post(self, request, pk):
        ticket = Ticket.objects.filter(pk=pk).first()
        if ticket is None or ticket.closed:
            return self.refuse()
        ticket.closed = True
        ticket.save()
        self.bill(ticket)
        Closing.objects.create(ticket=ticket)
#% missing row in a try, arguments over lines
def preferences(user):
    try:
        found = Preference.objects.get(user=user)
    except Preference.DoesNotExist:
        # the first time
        found = Preference.objects.create(
            user=user,
            theme="dark",  # as the site
            size=12,
        )
    return found
#% two answers to a search
def put(key, value):
    try:
        entry = Entry.objects.get(key=key)
    except (ValueError, TypeError):
        return None
    except Entry.DoesNotExist:
        # nothing there yet
        entry = Entry.objects.create(key=key, value=value)
        log("new")
    else:
        # changed
        entry.value = value
        entry.save(update_fields=["value"])
    return entry
#% lookups among other arguments
def follow(request, pk):
    if not Follow.objects.filter(follower=request.user, followed_id=pk).exists():
        Follow.objects.create(note="new", follower=request.user, followed_id=pk, since=now())
#% refusal over lines
class Seats(APIView):
    def post(self, request, show):
        if Seat.objects.filter(
            show=show, number=request.data["number"]
        ).exists():
            raise Conflict(
                "taken",
                code=409,
            )
        seat = Seat.objects.create(show=show, number=request.data["number"])
        return Response({"seat": seat.pk})
#% a model with constraints over lines
class Slot(models.Model):
    room = models.ForeignKey("Room", on_delete=models.CASCADE)
    hour = models.IntegerField()

    class Meta:
        ordering = ["hour"]
        constraints = [
            models.CheckConstraint(check=models.Q(hour__gte=0), name="hour"),
        ]

    def __str__(self):
        return str(self.hour)


def book(room, hour):
    slot, made = Slot.objects.get_or_create(room=room, hour=hour)
    return slot
#% mail and task over lines in a transaction
@transaction.atomic
def sign_up(request):
    user = Member.objects.create(name=request.POST["name"])
    send_mail(
        "Welcome",
        "text",  # plain
        None,
        [user.email],
    )
    index.delay(user.pk)
    return user
#% lock, then a block
def ship(pk):
    order = Order.objects.select_for_update().get(pk=pk)
    # in one go
    note = "shipped"
    with transaction.atomic():
        order.state = note
        order.save()
#% block, then the write
def finish(pk):
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=pk)
        if run.done:
            return None

    # outside by mistake
    run.done = True
    run.save()
    return run
#% nested function
def outer(request, pk):
    def inner():
        coupon = Coupon.objects.get(pk=pk)
        if coupon.used:
            return None
        coupon.used = True
        coupon.save()
        return Credit.objects.create(coupon=coupon)

    return inner()
#% limit
def invite(request):
    mine = Invite.objects.filter(sender=request.user)
    if mine.count() >= 3: return HttpResponse(status=429)  # on one line
    Invite.objects.create(sender=request.user)
    return HttpResponse(status=201)
#% backslash
def pay(request, pk):
    bill = Bill.objects \
        .filter(pk=pk) \
        .get()
    if bill.paid: \
        return HttpResponse(status=409)
    bill.paid = True
    bill.save()
    Receipt.objects.create(bill=bill)
#% loop
def tick(request):
    for row in Row.objects.filter(user=request.user):
        if row.kind == "x":
            row.ticks += 1
            row.save()
        else:
            continue
#% both columns of a method
class Stock(models.Model):
    held = models.IntegerField(null=True)
    left = models.IntegerField(default=0)

    def hold(self, n):
        if self.held is None:
            self.held = 0
        self.held += n
        self.left -= n
        self.save()

    hold.alters_data = True
#% locks in another order
@transaction.atomic
def buy(a, b):
    item = Item.objects.select_for_update().get(pk=a)
    purse = Purse.objects.select_for_update().get(pk=b)
    item.save()

@transaction.atomic
def give_back(a, b):
    purse = Purse.objects.select_for_update().get(pk=b)
    item = Item.objects.select_for_update().get(pk=a)
    item.save()
#% names beyond ASCII
def erhöhe(request, pk):
    konto = Konto.objects.get(pk=pk)
    konto.zähler += 1  # größer 😀
    konto.save()
#% never read
@transaction.atomic
def close(request, pk):
    door = Door.objects.get(pk=pk)
    Door.objects.select_for_update().filter(pk=door.pk)
    door.closings += 1
    door.save()
#% two statements on a line
def twice(request, pk):
    coupon = Coupon.objects.get(pk=pk); n = 1
    if coupon.used: return None
    coupon.used = True; coupon.save()
    Credit.objects.create(coupon=coupon)
#% a payment in between (kept)
def charge(request, pk):
    order = Order.objects.get(pk=pk)
    if order.paid:
        return HttpResponse(status=409)
    answer = requests.post(URL, json={"order": pk})
    order.paid = answer.ok
    order.save()
    Payment.objects.create(order=order)
#% what was written stays (kept)
def attempt(request, pk):
    code = Code.objects.get(pk=pk)
    if code.tries >= 5:
        raise PermissionDenied()
    if code.value != request.POST["value"]:
        code.tries += 1
        code.save()
        raise PermissionDenied()
#% not saved yet (kept)
class Edit(UpdateView):
    model = Draft

    def form_valid(self, form):
        draft = form.save(commit=False)
        draft.revision = draft.revision + 1
        draft.save()
        return redirect("x")
#% tested and changed in one statement
class Voucher(models.Model):
    code = models.CharField(max_length=9, unique=True)
    used = models.BooleanField(default=False)
    used_at = models.DateTimeField(null=True)


class Use(APIView):
    def post(self, request, code):
        voucher = Voucher.objects.get(code=code)
        # once only
        if voucher.used:
            return Response(
                {"detail": "used"}, status=409
            )
        voucher.used = True
        voucher.used_at = timezone.now()
        voucher.save(update_fields=["used", "used_at"])  # both
        Discount.objects.create(voucher=voucher, user=request.user)
        return Response()
#% a floor, tested and changed in one statement
class Purse(models.Model):
    coins = models.IntegerField(default=0)
    name = models.CharField(max_length=9)


def spend_coins(request, pk):
    purse = Purse.objects.get(pk=pk)
    amount = int(request.POST["amount"])
    if amount > purse.coins:
        messages.error(request, "too few")
        return redirect("purse")
    purse.coins = purse.coins - amount
    purse.save()
    return redirect("purse")
#% a number that is handed out
class Sequence(models.Model):
    name = models.CharField(max_length=9, unique=True)
    last = models.IntegerField(default=0)


def next_number(name):
    sequence, _ = Sequence.objects.get_or_create(name=name)
    sequence.last += 1
    sequence.save()
    return sequence.last
#% read by way of other names
def retitle(request, pk):
    page = Page.objects.get(pk=pk)
    doc = json.loads(page.body)
    title = doc["title"]
    if request.POST.get("loud"):
        doc["title"] = title.upper()
        page.body = json.dumps(doc)
        page.save(update_fields=["body"])
#% changed by a method before it is saved
class Settings(models.Model):
    data = models.JSONField(default=dict)

    def forget(self, key):
        self.data.pop(key, None)


def forget(request, pk, save=True):
    settings = Settings.objects.get(pk=pk)
    settings.forget("theme")
    if save:
        settings.save(update_fields=["data"])
#% a token from the header
def rename(request):
    token = ApiToken.objects.get(key=request.headers["Authorization"])
    if token.revoked:
        return HttpResponse(status=401)
    Profile.objects.filter(user=token.user).update(name=request.POST["name"])
    return HttpResponse()
#% rotation
class Rotate(APIView):
    def post(self, request):
        token = RefreshToken(request.data["refresh"])
        access = token.access_token
        token.blacklist()
        token.set_jti()
        return Response({"access": str(access), "refresh": str(token)})
#% may be new (kept)
def bump(check):
    check.pings += 1
    if check._state.adding:
        check.save()
    else:
        check.save(update_fields=["pings"])
#% made here or looked for (kept)
def remember(user, address):
    try:
        entry = user.addresses.get(hash=address.hash)
    except ObjectDoesNotExist:
        entry = UserAddress(user=user)
    entry.orders += 1
    entry.save()
#% shown afterwards by somebody else
def settings_page(request, pk):
    profile = Profile.objects.get(owner=request.user, **extra())
    context = {"profile": profile}
    if request.method == "POST":
        days = profile.days
        profile.days = sorted(set(days + [request.POST["day"]]))
        profile.save(update_fields=["days"])
    return render(request, "page.html", context)
