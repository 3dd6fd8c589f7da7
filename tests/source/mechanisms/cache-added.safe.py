#% what add() says is the answer
def seen_before(key_id, nonce):
    return not cache.add(f"nonce:{key_id}:{nonce}", True, timeout=300)
#% kept where there was none
def total(day):
    key = f"total:{day}"
    found = cache.get(key)
    if found is None:
        found = computed(day)
        cache.add(key, found, 300)
    return found
#% added alone, before it is counted up
def failed(user):
    cache.add(f"failed:{user.pk}", 0, 300)
    return cache.incr(f"failed:{user.pk}")
