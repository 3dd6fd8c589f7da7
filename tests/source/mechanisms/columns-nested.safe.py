#% locked before it is read
class Supplement(models.Model):
    uuid = models.CharField(max_length=40)
    content = models.JSONField(default=dict)
def accept(request):
    data = request.data
    with transaction.atomic():
        found = list(Supplement.objects.select_for_update().filter(uuid__in=data["uuids"]))
        for one in found:
            target = one.content.get(data["question"]).get(data["action"])
            target["_accepted"] = data["at"]
        Supplement.objects.bulk_update(found, ["content"])
#% a part is only read
class Board(models.Model):
    columns = models.JSONField(default=dict)
    title = models.TextField()
def title_of(request, pk):
    board = Board.objects.get(pk=pk)
    column = board.columns[request.data["column"]]
    answer = {"title": column}
    answer["board"] = board.title
    return answer
