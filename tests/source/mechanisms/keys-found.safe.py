#% the parent is locked before
class Tag(models.Model):
    board = models.ForeignKey("Board", on_delete=models.CASCADE)
    name = models.CharField(max_length=40)
@transaction.atomic
def label(board_id, name):
    board = Board.objects.select_for_update().get(pk=board_id)
    key = None
    try:
        key = Tag.objects.get(board=board, name=name).pk
    except Tag.DoesNotExist:
        pass
    if key is None:
        key = Tag.objects.create(board=board, name=name).pk
    return key
#% made by get_or_create over what is unique
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)
def label(name):
    key = None
    try:
        key = Tag.objects.get(name=name).pk
    except Tag.DoesNotExist:
        pass
    if key is None:
        tag, _ = Tag.objects.get_or_create(name=name)
        key = tag.pk
    return key
#% whoever comes second is refused, and gets that row
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)
def label(name):
    key = None
    try:
        key = Tag.objects.get(name=name).pk
    except Tag.DoesNotExist:
        pass
    if key is None:
        try:
            with transaction.atomic():
                key = Tag.objects.create(name=name).pk
        except IntegrityError:
            key = Tag.objects.get(name=name).pk
    return key
#% a row of another table is made, whatever was found
class Tag(models.Model):
    name = models.CharField(max_length=40)
class Missing(models.Model):
    name = models.CharField(max_length=40)
def note(name):
    key = None
    try:
        key = Tag.objects.get(name=name).pk
    except Tag.DoesNotExist:
        pass
    if key is None:
        Missing.objects.create(name=name)
