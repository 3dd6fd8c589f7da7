# A loop without an end of its own is left when a value is free: what follows was chosen by that.
#% left when there is no such row -> make
def make(base):
    person = Person(mail=base)
    count = 0
    while True:
        name = f"{base}{count}"
        if not Person.objects.filter(name=name).exists():
            break
        count += 1
    person.name = name
    person.save()
#% left when none is found by get -> make
def make(base):
    count = 0
    while True:
        name = f"{base}{count}"
        try:
            Person.objects.get(name=name)
        except Person.DoesNotExist:
            break
        count += 1
    return Person.objects.create(name=name)
#% the same, with a row that is filled meanwhile -> make
def make(mail):
    person = Person(mail=mail)
    name, count = mail, 0
    while 1:
        try:
            Person.objects.get(name=name)
        except Person.DoesNotExist:
            break
        count += 1
        name = "%s_%d" % (mail, count)
    person.name = name
    person.active = False
    person.save()
#% counted, and left by else -> make
def make(code, owner):
    step = 0
    while True:
        wanted = f"{code}-{step}"
        if Locker.objects.filter(code=wanted).count() > 0:
            step += 1
        else:
            break
    Locker.objects.create(code=wanted, owner=owner)
