#% a task for what is imported, before the import commits -> SeatResource.after_import
from import_export import resources
class SeatResource(resources.ModelResource):
    class Meta:
        model = Seat
    def after_import(self, dataset, result, **kwargs):
        for row in result.rows:
            Seat.objects.create(room_id=row.object_id)
            tell_holder.delay(row.object_id)
