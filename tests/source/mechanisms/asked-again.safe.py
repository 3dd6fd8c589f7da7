#% a dictionary that is filled out of sight may hold what the unique set is of
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)
def tag_of(form):
    values = {}
    for field in form.fields:
        values[field] = form.cleaned_data[field]
    tag, _ = Tag.objects.get_or_create(**values)
    return tag
#% a lock that ends with its transaction, by an argument
class Wallet(models.Model):
    coins = models.IntegerField(default=0)
def pay(pk):
    with transaction.atomic():
        with advisory_lock("wallet", xact=True):
            row = Wallet.objects.get(pk=pk)
            row.coins -= 1
            row.save()
