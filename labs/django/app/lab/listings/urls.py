"""The three listings, and what a client needs to use them."""

from django.urls import path

from lab.endpoints.people import Me, Register
from lab.endpoints.sessions import BearerLogin, RacyLogout
from lab.schemes.bearer import BearerScheme

from .drf_atomic import AtomicProfileView
from .token_lock import verify_and_update
from .vulnerable import VulnerableProfileView


def _view(endpoint):
    return endpoint.as_view(scheme=BearerScheme, half="listings")


urlpatterns = [
    path("listings/vulnerable/", VulnerableProfileView.as_view()),
    path("listings/token-lock/", verify_and_update),
    path("listings/drf-atomic/", _view(AtomicProfileView)),
    path("listings/register/", _view(Register)),
    path("listings/login/", _view(BearerLogin)),
    path("listings/logout/", _view(RacyLogout)),
    path("listings/profile/", _view(Me)),
]
