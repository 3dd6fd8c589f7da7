#% looked for, then added, and what add() says is not asked -> seen_before
def seen_before(key_id, nonce):
    key = f"nonce:{key_id}:{nonce}"
    seen = cache.get(key, False)
    cache.add(key, True, timeout=300)
    if seen:
        logger.warning("already seen")
    return seen
