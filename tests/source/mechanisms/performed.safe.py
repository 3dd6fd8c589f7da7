# The framework's own perform_create and perform_update, and nothing that leaves too early.
#% a task when the transaction is over
class NoteView(CreateModelMixin, GenericViewSet):
    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    @transaction.atomic
    def perform_create(self, serializer):
        super().perform_create(serializer)
        transaction.on_commit(lambda: index_note.delay(serializer.data["id"]))
#% no transaction: the row is there when the task starts
class NoteView(ModelViewSet):
    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    def perform_update(self, serializer):
        super().perform_update(serializer)
        index_note.delay(serializer.instance.pk)
#% made by whoever holds the lock
class NoteView(ModelViewSet):
    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    @transaction.atomic
    def perform_create(self, serializer):
        author = Author.objects.select_for_update().get(pk=self.request.user.pk)
        if Note.objects.filter(author=author, open=True).exists():
            raise ValidationError("one is open")
        super().perform_create(serializer)
