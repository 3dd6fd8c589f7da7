"""Three ways to say who is calling, one module each; all endpoints work with any of them."""

from .bearer import BearerScheme
from .jwt import JwtScheme
from .token import TokenScheme

SCHEMES = {scheme.name: scheme for scheme in (TokenScheme, BearerScheme, JwtScheme)}
