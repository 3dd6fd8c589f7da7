# What is called through asgiref's async_to_sync is called here, in the transaction that is open.
#% a message to a group, by the call of a call -> post
@transaction.atomic
def post(author, text):
    note = Note.objects.create(author=author, text=text)
    layer = get_channel_layer()
    async_to_sync(layer.group_send)("notes", {"type": "new", "note": note.pk})
    return note
#% the same by its module, in a helper -> post
def tell(group, message):
    layer = channels.layers.get_channel_layer()
    asgiref.sync.async_to_sync(layer.group_send)(group, message)
def post(author, text):
    with transaction.atomic():
        note = Note.objects.create(author=author, text=text)
        tell("notes", {"note": note.pk})
#% a coroutine of one's own -> post|tell
async def tell(note):
    async with httpx.AsyncClient() as client:
        await client.post(HOOK, json={"note": note.pk})
def post(author, text):
    with transaction.atomic():
        note = Note.objects.create(author=author, text=text)
        async_to_sync(tell)(note)
#% a helper makes the row and tells a group of it -> Note.write
class Note(models.Model):
    text = models.TextField()
    @staticmethod
    def write(author, text):
        note = Note.objects.create(author=author, text=text)
        layer = get_channel_layer()
        async_to_sync(layer.group_send)(author.name, {"note": note.pk})
        return note
@transaction.atomic
def post(author, text):
    return Note.write(author, text)
