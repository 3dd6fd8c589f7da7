#% its owner has one only
from django.apps import apps
class Basket(models.Model):
    owner = models.OneToOneField("auth.User", on_delete=models.CASCADE)
Kept = apps.get_model("shop", "basket")
def open_basket(user):
    basket, _ = Kept.objects.get_or_create(owner=user)
    return basket
#% no such model here
Kept = apps.get_model("shop", "basket")
def open_basket(user):
    basket, _ = Kept.objects.get_or_create(owner=user)
    return basket
