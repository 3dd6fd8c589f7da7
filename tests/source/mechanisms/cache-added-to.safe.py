#% set again as it was, to be kept longer
def keep(key):
    notes = cache.get(key)
    cache.set(key, notes, 3600)
    return notes
#% an entry of its own
def site_for(host):
    site = cache.get(f"site-{host}")
    if site is None:
        site = Site.objects.get(host=host)
        cache.set(f"site-{host}", site, 3600)
    return site
#% a lock is held around both
def note(text):
    with redis_client.lock("notes"):
        notes = cache.get("notes", [])
        notes.append(text)
        cache.set("notes", notes)
