#% a lock of the module -> take_number
import threading
_lock = threading.Lock()
class Queue(models.Model):
    last = models.IntegerField(default=0)
def take_number(pk):
    with _lock:
        queue = Queue.objects.get(pk=pk)
        queue.last += 1
        queue.save(update_fields=["last"])
        return queue.last
#% a lock of the class -> Desk.admit
from threading import RLock
class Desk:
    _lock = RLock()
    def admit(self, hall, name):
        with self._lock:
            if Visitor.objects.filter(hall=hall).count() >= hall.places:
                raise ValueError("full")
            Visitor.objects.create(hall=hall, name=name)
#% a new one for each call -> register
import threading
def register(email):
    with threading.Lock():
        if not Member.objects.filter(email=email).exists():
            Member.objects.create(email=email)
