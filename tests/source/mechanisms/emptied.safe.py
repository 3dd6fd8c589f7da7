#% the row is locked: nobody can come to point to it
@transaction.atomic
def leave(request, pk):
    team = Team.objects.select_for_update().get(pk=pk)
    Membership.objects.filter(team=team, user=request.user).delete()
    if not Membership.objects.filter(team=team).exists():
        team.delete()
#% deleted with all that it has
def drop(request, pk):
    team = Team.objects.get(pk=pk)
    if team.members.exists():
        team.members.all().delete()
    team.delete()
#% the owner is asked
def drop(request, pk):
    team = Team.objects.get(pk=pk)
    if team.owner != request.user:
        return HttpResponse(status=403)
    team.delete()
