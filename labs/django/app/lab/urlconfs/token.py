"""All paths below /token/: one API document."""

from lab.halves import paths_of
from lab.schemes import SCHEMES

urlpatterns = paths_of(SCHEMES["token"])
