#% after the commit
from import_export import resources
class SeatResource(resources.ModelResource):
    class Meta:
        model = Seat
    def after_import(self, dataset, result, **kwargs):
        for row in result.rows:
            Seat.objects.create(room_id=row.object_id)
            transaction.on_commit(partial(tell_holder.delay, row.object_id))
#% a version that may have no transaction, and tells
from import_export import resources
class SeatResource(resources.ModelResource):
    class Meta:
        model = Seat
    def after_import(self, dataset, result, using_transactions, dry_run, **kwargs):
        for row in result.rows:
            Seat.objects.create(room_id=row.object_id)
            tell_holder.delay(row.object_id)
#% a class of that name that imports nothing
class SeatResource(Resource):
    def after_change(self, seat):
        tell_holder.delay(seat.pk)
