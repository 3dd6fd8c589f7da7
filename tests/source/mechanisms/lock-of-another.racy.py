#% one's own lock is looked at, then deleted -> rebuild
def rebuild(index):
    token = uuid4().hex
    if not cache.add(LOCK, token, timeout=600):
        return
    try:
        index.rebuild()
    finally:
        if cache.get(LOCK) == token:
            cache.delete(LOCK)
#% read into a name first -> Mutex.release
class Mutex:
    def __init__(self, key):
        self.key = key
        self.token = uuid4().hex
    def take(self):
        return cache.add(self.key, self.token, 60)
    def release(self):
        holder = cache.get(self.key)
        if holder == self.token:
            cache.delete(self.key)
