from django.db import models


class Item(models.Model):
    stock = models.IntegerField()
    sold = models.IntegerField(default=0)
