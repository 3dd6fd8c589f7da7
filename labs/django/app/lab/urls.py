"""Everything that is served."""

from django.http import HttpResponse
from django.urls import include, path

from lab.urlconfs import ALL


def alive(_request):
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [path("alive/", alive), *(path("", include(module)) for module in ALL.values())]
