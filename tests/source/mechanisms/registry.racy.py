#% a model asked for by its name in small letters -> open_basket
from django.apps import apps
class Basket(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
Kept = apps.get_model("shop", "basket")
def open_basket(user):
    basket, _ = Kept.objects.get_or_create(owner=user)
    return basket
#% inside of the function -> open_basket
class Basket(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
def open_basket(user):
    basket, _ = apps.get_model("shop.basket").objects.get_or_create(owner=user)
    return basket
