#% the row is locked as well
import threading
_lock = threading.Lock()
class Queue(models.Model):
    last = models.IntegerField(default=0)
def take_number(pk):
    with _lock, transaction.atomic():
        queue = Queue.objects.select_for_update().get(pk=pk)
        queue.last += 1
        queue.save(update_fields=["last"])
        return queue.last
#% around what this process keeps
import threading
_lock = threading.Lock()
_names = {}
def name_of(pk):
    with _lock:
        if pk not in _names:
            _names[pk] = Queue.objects.get(pk=pk).name
        return _names[pk]
#% a lock that all processes share, of the same name
import threading
from app.locks import cluster_lock
def take_number(pk):
    with cluster_lock(f"queue:{pk}"):
        queue = Queue.objects.get(pk=pk)
        queue.last += 1
        queue.save(update_fields=["last"])
#% added by the database
import threading
_lock = threading.Lock()
def take_number(pk):
    with _lock:
        Queue.objects.filter(pk=pk).update(last=F("last") + 1)
