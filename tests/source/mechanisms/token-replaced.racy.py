#% found by its key, deleted, and another one made -> renew
class Token(models.Model):
    key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
def renew(request):
    old = Token.objects.get(key=request.POST["key"])
    user = old.user
    old.delete()
    return JsonResponse({"key": Token.objects.create(user=user).key})
