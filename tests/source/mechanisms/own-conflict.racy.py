#% an exception of the project's own that is called like the database's -> register
class BadRequest(Exception):
    pass
class IntegrityError(BadRequest):
    pass
class Person(models.Model):
    name = models.CharField(max_length=40, unique=True)
def register(name):
    try:
        if Person.objects.filter(name=name).exists():
            raise IntegrityError("taken")
        Person.objects.create(name=name)
    except IntegrityError:
        return None
#% whatever goes wrong is caught, and there is nothing that could -> register
class Person(models.Model):
    name = models.CharField(max_length=40)
def register(name):
    try:
        if not Person.objects.filter(name=name).exists():
            Person.objects.create(name=name)
    except Exception:
        logger.exception("not registered")
