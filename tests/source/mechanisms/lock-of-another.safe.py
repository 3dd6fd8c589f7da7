#% it is left to expire
def rebuild(index):
    token = uuid4().hex
    if not cache.add(LOCK, token, timeout=600):
        return
    index.rebuild()
#% deleted by whoever has it, as long as it has it
def rebuild(index):
    if not cache.add(LOCK, True, timeout=600):
        return
    try:
        index.rebuild()
    finally:
        cache.delete(LOCK)
#% a copy that is out of date is thrown away
def forget(page):
    if cache.get(PAGE) == page.old_text:
        cache.delete(PAGE)
#% an entry that says that there is nothing is taken out
def take(key):
    if cache.get(key) == "":
        cache.delete(key)
    return cache.add(key, "1", 60)
