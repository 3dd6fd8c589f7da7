# What the framework's own perform_create and perform_update do: they save.
#% a task after the framework has saved, in the view's transaction -> NoteView.perform_create
class NoteView(CreateModelMixin, GenericViewSet):
    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    @transaction.atomic
    def perform_create(self, serializer):
        super().perform_create(serializer)
        index_note.delay(serializer.data["id"])
#% the same when a row is changed -> NoteView.perform_update
class NoteView(ModelViewSet):
    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    def perform_update(self, serializer):
        with transaction.atomic():
            super().perform_update(serializer)
            index_note.delay(serializer.instance.pk)
#% none there, and the framework makes one -> NoteView.perform_create
class NoteView(ModelViewSet):
    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    def perform_create(self, serializer):
        if Note.objects.filter(author=self.request.user, open=True).exists():
            raise ValidationError("one is open")
        super().perform_create(serializer)
