#% the one that has the lock returns -> send_digest
@contextmanager
def cache_lock(key, seconds):
    taken = cache.add(key, "1", seconds)
    try:
        yield taken
    finally:
        if taken:
            cache.delete(key)
@shared_task
def send_digest():
    with cache_lock("digest", 60 * 60) as acquired:
        if acquired:
            logger.info("already running")
            return
        for user in User.objects.filter(digest=True):
            send_mail("digest", "what is new", None, [user.email])
