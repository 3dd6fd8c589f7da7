# Loops that are left for another reason, or whose insert the others wait for.
#% a conflict is met by another try
def make(base):
    count = 0
    while True:
        name = f"{base}{count}"
        try:
            Person.objects.get(name=name)
        except Person.DoesNotExist:
            try:
                return Person.objects.create(name=name)
            except IntegrityError:
                pass
        count += 1
#% inserted under a lock that all of them take
def make(club_id, base):
    with transaction.atomic():
        Club.objects.select_for_update().get(pk=club_id)
        count = 0
        while True:
            name = f"{base}{count}"
            if not Person.objects.filter(club_id=club_id, name=name).exists():
                break
            count += 1
        Person.objects.create(club_id=club_id, name=name)
#% waited for until it is there
def await_report(pk):
    while True:
        if Report.objects.filter(pk=pk).exists():
            break
        sleep(1)
    Reading.objects.create(report_id=pk)
#% waited for until it is there, by get
def await_report(pk):
    while True:
        try:
            report = Report.objects.get(pk=pk)
            break
        except Report.DoesNotExist:
            sleep(1)
    Reading.objects.create(report=report)
#% waited for until it is there, in the table of what is made
def follow(pk, text):
    while True:
        if Report.objects.filter(pk=pk).exists():
            break
        sleep(1)
    Report.objects.create(parent_id=pk, text=text)
#% left when nothing is left to do
def drain(name):
    while True:
        try:
            job = Job.objects.get(queue=name)
        except Job.DoesNotExist:
            break
        work(job)
    Note.objects.create(queue=name)
#% the inner loop ends, the outer goes on
def number(names):
    while True:
        for name in names:
            if not Person.objects.filter(name=name).exists():
                break
        if is_over():
            break
    Log.objects.create(text="over")
