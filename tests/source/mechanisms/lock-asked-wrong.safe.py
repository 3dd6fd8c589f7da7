#% the one that has it goes on
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
        if not acquired:
            logger.info("already running")
            return
        for user in User.objects.filter(digest=True):
            send_mail("digest", "what is new", None, [user.email])
#% the one that has it does the work there, and returns
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
            notify_all.delay()
            return
        logger.info("already running")
