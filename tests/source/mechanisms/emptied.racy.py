#% deleted when its last child is gone -> leave
def leave(request, pk):
    team = Team.objects.get(pk=pk)
    Membership.objects.filter(team=team, user=request.user).delete()
    if not Membership.objects.filter(team=team).exists():
        team.delete()
#% by a count, in a method of its own -> Folder.tidy
class Folder(models.Model):
    def tidy(self):
        if self.files.count() == 0:
            self.delete()
#% asked by a list -> drop_unused
def drop_unused(request, pk):
    label = get_object_or_404(Label, pk=pk)
    uses = list(Use.objects.filter(label=label))
    if len(uses) == 0:
        label.delete()
    return HttpResponse(status=204)
#% refused where there are any -> ShelfView.delete
class ShelfView(APIView):
    def delete(self, request, pk):
        shelf = Shelf.objects.get(pk=pk)
        if shelf.book_set.exists():
            return Response(status=409)
        shelf.delete()
        return Response(status=204)
