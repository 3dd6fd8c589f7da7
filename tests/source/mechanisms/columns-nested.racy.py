#% a part of a part, found by keys of variables -> accept
class Supplement(models.Model):
    uuid = models.CharField(max_length=40)
    content = models.JSONField(default=dict)
def accept(request):
    data = request.data
    with transaction.atomic():
        found = list(Supplement.objects.filter(uuid__in=data["uuids"]))
        changed = []
        for one in found:
            content = one.content
            if not content:
                continue
            action = content.get(data["question"]).get(data["action"])
            target = action.get(data["language"]) if data["language"] else action
            versions = target.get("_versions", [])
            latest = versions[0]
            latest["_accepted"] = data["at"]
            changed.append(one)
        Supplement.objects.bulk_update(changed, ["content"])
#% by the name of a variable -> rename
class Board(models.Model):
    columns = models.JSONField(default=dict)
def rename(request, pk):
    board = Board.objects.get(pk=pk)
    column = board.columns[request.data["column"]]
    column["title"] = request.data["title"]
    board.save(update_fields=["columns"])
