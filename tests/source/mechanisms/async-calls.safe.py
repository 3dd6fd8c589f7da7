# What is called through asgiref's async_to_sync when the transaction is over, or before anything is written.
#% a message to a group after the block
def post(author, text):
    with transaction.atomic():
        note = Note.objects.create(author=author, text=text)
    async_to_sync(get_channel_layer().group_send)("notes", {"note": note.pk})
#% handed to on_commit
@transaction.atomic
def post(author, text):
    note = Note.objects.create(author=author, text=text)
    layer = get_channel_layer()
    transaction.on_commit(lambda: async_to_sync(layer.group_send)("notes", {"note": note.pk}))
#% handed to on_commit with what it is given
@transaction.atomic
def post(author, text):
    note = Note.objects.create(author=author, text=text)
    transaction.on_commit(partial(async_to_sync(get_channel_layer().group_send), "notes", {"note": note.pk}))
#% joined to a group: nobody is told
@transaction.atomic
def post(author, text):
    note = Note.objects.create(author=author, text=text)
    async_to_sync(get_channel_layer().group_add)("notes", author.channel)
#% a coroutine of one's own that reads
async def colour_of(author):
    return await Colour.objects.aget(author=author)
@transaction.atomic
def post(author, text):
    colour = async_to_sync(colour_of)(author)
    return Note.objects.create(author=author, text=text, colour=colour)
