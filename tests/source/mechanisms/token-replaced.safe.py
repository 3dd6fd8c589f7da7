#% whoever has deleted it gets the next
class Token(models.Model):
    key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
def renew(request):
    old = Token.objects.get(key=request.POST["key"])
    user = old.user
    count, _ = old.delete()
    if count != 1:
        return HttpResponse(status=409)
    return JsonResponse({"key": Token.objects.create(user=user).key})
#% locked before
class Token(models.Model):
    key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
@transaction.atomic
def renew(request):
    old = Token.objects.select_for_update().get(key=request.POST["key"])
    user = old.user
    old.delete()
    return JsonResponse({"key": Token.objects.create(user=user).key})
