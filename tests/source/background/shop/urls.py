from django.urls import include, path, re_path
from rest_framework.routers import DefaultRouter

from . import racy, right

router = DefaultRouter()
router.register(r"profiles", right.ProfileViewSet)

urlpatterns = [
    path("racy/plain/", racy.UpdateProfileView.as_view()),
    path("racy/token-lock/", racy.verify_and_update_bearer),
    path("racy/drf/", racy.SecureProfileView.as_view()),
    path("right/plain/", right.UpdateProfileView.as_view()),
    re_path(r"^right/token-lock/(?P<version>v\d+)/$", right.verify_and_update_bearer),
    path("right/drf/", right.SecureProfileView.as_view()),
    path("", include(router.urls)),
]
