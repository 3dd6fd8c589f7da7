#% the constraint is within what is asked for
class Tag(models.Model):
    photo = models.ForeignKey("Photo", on_delete=models.CASCADE)
    word = models.CharField(max_length=20)
    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "word"], name="one_tag")]
def tag_photo(request, photo, word):
    return Tag.objects.get_or_create(photo=photo, word=word, defaults={"by": request.user})
#% conflicts are left alone
def sync_members(group, wanted):
    present = set(group.memberships.values_list("user_id", flat=True))
    missing = set(wanted) - present
    Membership.objects.bulk_create(
        [Membership(group=group, user_id=one) for one in missing], ignore_conflicts=True
    )
#% conflicts are updated
def cache_prices(quotes):
    existing = Price.objects.in_bulk([q.symbol for q in quotes], field_name="symbol")
    fresh = [Price(symbol=q.symbol, amount=q.amount) for q in quotes if q.symbol not in existing]
    Price.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["symbol"], update_fields=["amount"])
#% many rows, whatever there is
def log_all(day, lines):
    Line.objects.bulk_create([Line(day=day, text=one) for one in lines])
#% from another table
def invite_all(event, mails):
    users = User.objects.filter(email__in=mails)
    Invitation.objects.bulk_create([Invitation(event=event, user=one) for one in users])
#% under the group's lock
@transaction.atomic
def sync_locked(pk, wanted):
    group = Group.objects.select_for_update().get(pk=pk)
    present = set(group.memberships.values_list("user_id", flat=True))
    Membership.objects.bulk_create([Membership(group=group, user_id=one) for one in set(wanted) - present])
#% those that are there are changed
def raise_all(ids):
    for price in Price.objects.in_bulk(ids).values():
        price.note = "checked"
        price.save(update_fields=["note"])
#% the error is handled
def add_words(words):
    known = Word.objects.filter(text__in=words).values_list("text", flat=True)
    try:
        Word.objects.bulk_create([Word(text=one) for one in words if one not in known])
    except IntegrityError:
        logger.info("somebody was faster")
#% a set of numbers
def fresh_numbers(numbers, used):
    missing = set(numbers) - set(used)
    Draw.objects.bulk_create([Draw(number=one) for one in missing])
