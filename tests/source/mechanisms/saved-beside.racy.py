#% the locked row is read, and the serializer saves its own -> IncidentViewSet.perform_update
class Incident(models.Model):
    title = models.CharField(max_length=80)
    state = models.CharField(max_length=20)
class IncidentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Incident
        fields = ["title", "state"]
class IncidentViewSet(viewsets.ModelViewSet):
    queryset = Incident.objects.all()
    serializer_class = IncidentSerializer
    @transaction.atomic
    def perform_update(self, serializer):
        locked = Incident.objects.select_for_update().get(pk=serializer.instance.pk)
        before = locked.state
        serializer.save()
        Note.objects.create(incident=serializer.instance, before=before)
