#% a dictionary in the cache gets one more entry -> site_for
def site_for(host):
    sites = cache.get("sites", {})
    site = sites.get(host)
    if site is not None:
        return site
    site = Site.objects.get(host=host)
    sites[host] = site
    cache.set("sites", sites, 3600)
    return site
#% a list in the cache gets one more -> note
def note(text):
    notes = cache.get("notes", [])
    notes.append(text)
    cache.set("notes", notes)
