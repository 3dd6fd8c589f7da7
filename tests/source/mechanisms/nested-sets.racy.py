#% made in a transaction -> add_region
from mptt.models import MPTTModel
class Region(MPTTModel):
    parent = TreeForeignKey("self", null=True, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
@transaction.atomic
def add_region(name, parent):
    region = Region.objects.create(name=name, parent=parent)
    log_change(region)
    return region
#% by the framework -> RegionViewSet.create
from mptt.models import MPTTModel
class Branch(MPTTModel):
    class Meta:
        abstract = True
class Region(Branch):
    name = models.CharField(max_length=80)
class RegionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Region
        fields = ["name"]
class RegionViewSet(viewsets.ModelViewSet):
    queryset = Region.objects.all()
    serializer_class = RegionSerializer
    @transaction.atomic
    def create(self, request, *args, **kwargs):
        return super().create(request, *args, **kwargs)
