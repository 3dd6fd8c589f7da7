#% the serializer is given the locked row
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
        serializer.instance = locked
        serializer.save()
        Note.objects.create(incident=serializer.instance, before=before)
#% the serializer's own row is read again under the lock
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
        Incident.objects.select_for_update().get(pk=serializer.instance.pk)
        serializer.instance.refresh_from_db()
        serializer.save()
