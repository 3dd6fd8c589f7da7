# Rows made by sets and by lookups that the database does not keep unique.
#% get_or_create asks for less than the constraint -> tag_photo
class Tag(models.Model):
    photo = models.ForeignKey("Photo", on_delete=models.CASCADE)
    word = models.CharField(max_length=20)
    by = models.ForeignKey(User, on_delete=models.CASCADE)
    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "word", "by"], name="one_tag")]
def tag_photo(request, photo, word):
    tag, made = Tag.objects.get_or_create(photo=photo, word=word, defaults={"by": request.user})
    return tag
#% update_or_create by another column than the unique one -> import_station
class Station(models.Model):
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=50)
def import_station(line):
    Station.objects.update_or_create(name=line["name"], defaults={"code": line["code"]})
#% a set difference, then bulk_create -> sync_members
def sync_members(group, wanted):
    present = set(group.memberships.values_list("user_id", flat=True))
    missing = set(wanted) - present
    Membership.objects.bulk_create([Membership(group=group, user_id=one) for one in missing])
#% filtered by values_list in a comprehension -> add_words
def add_words(words):
    known = Word.objects.filter(text__in=words).values_list("text", flat=True)
    Word.objects.bulk_create([Word(text=one) for one in words if one not in known])
#% in_bulk, then those that are not in it -> cache_prices
def cache_prices(quotes):
    existing = Price.objects.in_bulk([q.symbol for q in quotes], field_name="symbol")
    fresh = []
    for quote in quotes:
        if quote.symbol not in existing:
            fresh.append(Price(symbol=quote.symbol, amount=quote.amount))
    Price.objects.bulk_create(fresh)
#% exists, then many -> seed_slots
def seed_slots(day):
    if Slot.objects.filter(day=day).exists():
        return
    Slot.objects.bulk_create(Slot(day=day, hour=hour) for hour in range(8, 18))
#% a dictionary of what is there -> import_rows
def import_rows(rows):
    by_key = {one.key: one for one in Setting.objects.all()}
    for key, value in rows.items():
        if key in by_key:
            by_key[key].value = value
            by_key[key].save(update_fields=["value"])
        else:
            Setting.objects.create(key=key, value=value)
#% difference of sets by its method -> follow_all
def follow_all(user, ids):
    followed = set(Follow.objects.filter(follower=user).values_list("target_id", flat=True))
    for target in set(ids).difference(followed):
        Follow.objects.create(follower=user, target_id=target)
#% missed: get_or_create without regard to case -> remember_mail
class Address(models.Model):
    mail = models.EmailField(unique=True)
def remember_mail(mail, owner):
    return Address.objects.get_or_create(mail__iexact=mail, owner=owner, defaults={"mail": mail})
#% excluded in the query -> assign_reviewers
def assign_reviewers(paper):
    free = User.objects.exclude(pk__in=paper.assignment_set.values("reviewer"))
    Assignment.objects.bulk_create([Assignment(paper=paper, reviewer=one) for one in free])
