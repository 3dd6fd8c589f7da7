#% how many were deleted decides
class Codes:
    def invalidate_code(self, code, client):
        deleted, _ = Grant.objects.filter(code=code, client=client).delete()
        if not deleted:
            raise ValueError("spent")
#% under a lock
class Codes:
    @transaction.atomic
    def invalidate_code(self, code, client):
        grant = Grant.objects.select_for_update().get(code=code, client=client)
        grant.delete()
#% a row that is known by its number is taken away
def remove_team(pk):
    team = Team.objects.get(pk=pk)
    team.delete()
#% what is out of date is cleared away
def invalidate_page(slug):
    page = Copy.objects.get(slug=slug)
    page.delete()
