#% what the database says is handled
from django.db import IntegrityError
class Person(models.Model):
    name = models.CharField(max_length=40, unique=True)
def register(name):
    try:
        if Person.objects.filter(name=name).exists():
            return None
        Person.objects.create(name=name)
    except IntegrityError:
        return None
#% an exception below the database's
from django.db.utils import IntegrityError
class Taken(IntegrityError):
    pass
class Person(models.Model):
    name = models.CharField(max_length=40, unique=True)
def register(name):
    try:
        if Person.objects.filter(name=name).exists():
            return None
        Person.objects.create(name=name)
    except (Taken, IntegrityError):
        return None
#% whatever goes wrong is caught, and a second one does
class Person(models.Model):
    name = models.CharField(max_length=40, unique=True)
def register(name):
    try:
        if not Person.objects.filter(name=name).exists():
            Person.objects.create(name=name)
    except Exception:
        return None
