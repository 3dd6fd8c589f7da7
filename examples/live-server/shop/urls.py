import json

from django.db import transaction
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from .models import Item


@csrf_exempt
def items(request):
    item = Item.objects.create(stock=json.loads(request.body)["stock"])
    return JsonResponse({"id": item.id}, status=201)


def item(request, pk):
    found = Item.objects.get(pk=pk)
    return JsonResponse({"stock": found.stock, "sold": found.sold})


def sell(query):
    found = query.get()
    if found.stock < 1:
        return JsonResponse({}, status=409)
    found.stock -= 1
    found.sold += 1
    found.save()
    return JsonResponse({})


@csrf_exempt
def buy(request, pk):
    """Two that read the same stock both sell it."""
    return sell(Item.objects.filter(pk=pk))


@csrf_exempt
@transaction.atomic
def buy_locked(request, pk):
    return sell(Item.objects.select_for_update().filter(pk=pk))


urlpatterns = [
    path("items", items),
    path("items/<int:pk>", item),
    path("items/<int:pk>/buy", buy),
    path("items/<int:pk>/buy-locked", buy_locked),
]
