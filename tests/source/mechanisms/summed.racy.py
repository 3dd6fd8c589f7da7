#% what is left is summed in a loop by a helper, then spent -> redeem
class Redemption(models.Model):
    user = models.ForeignKey(User, related_name="redemptions", on_delete=models.CASCADE)
    value = models.IntegerField()
def points_of(user):
    count = 100
    for redemption in user.redemptions.all():
        count -= redemption.value
    return count
@transaction.atomic
def redeem(request, wanted):
    total = sum(wanted.values())
    if total > points_of(request.user):
        raise NotEnough()
    for prize in wanted:
        Redemption.objects.create(user=request.user, value=wanted[prize])
#% weight on the ferry -> board
class Cargo(models.Model):
    ferry = models.ForeignKey(Ferry, on_delete=models.CASCADE)
    weight = models.IntegerField()
def board(ferry, weight):
    carried = 0
    for cargo in Cargo.objects.filter(ferry=ferry):
        carried += cargo.weight
    if carried + weight > ferry.limit:
        raise TooHeavy()
    return Cargo.objects.create(ferry=ferry, weight=weight)
#% hours of a day, summed beside others -> book_hours
class Shift(models.Model):
    person = models.ForeignKey(Person, related_name="shifts", on_delete=models.CASCADE)
    hours = models.IntegerField()
def book_hours(person, hours):
    shifts = person.shifts.filter(day=today())
    total = hours
    for shift in shifts:
        print(shift)
        total = total + shift.hours
    if total > 8:
        return False
    person.shifts.create(hours=hours, day=today())
    return True
#% counted, then locked, and what was counted is written -> recount
class Club(models.Model):
    member_count = models.IntegerField(default=0)


@transaction.atomic
def recount(club_id):
    club = Club.objects.get(pk=club_id)
    count = Member.objects.filter(club=club).count()
    club = Club.objects.select_for_update().get(pk=club.pk)
    club.member_count = count
    club.save()
#% counted, and written by an update of the row -> recount
def recount(club):
    count = Member.objects.filter(club=club).count()
    Club.objects.filter(pk=club.pk).update(member_count=count)
