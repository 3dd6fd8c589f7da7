"""What drf-spectacular has to be told: the security schemes, and the views that it cannot see."""

from pathlib import Path

import yaml
from drf_spectacular.extensions import OpenApiAuthenticationExtension

PLAIN_VIEWS = Path(__file__).parent / "listings" / "openapi.yaml"


class _OneForEachHalf:
    priority = 1

    @property
    def name(self):
        return f"{self.target.half}{self.word}"


class TokenAuth(_OneForEachHalf, OpenApiAuthenticationExtension):
    target_class = "rest_framework.authentication.TokenAuthentication"
    word = "Token"

    def get_security_definition(self, auto_schema):
        # As drf-spectacular itself describes DRF's tokens.
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": 'Token-based authentication with required prefix "Token"',
        }


class BearerAuth(_OneForEachHalf, OpenApiAuthenticationExtension):
    target_class = "lab.schemes.bearer.BearerAuthentication"
    word = "Bearer"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}


class JwtAuth(_OneForEachHalf, OpenApiAuthenticationExtension):
    target_class = "lab.schemes.jwt.JwtAuthentication"
    word = "Jwt"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


def add_plain_views(result, generator, request, public):
    """A postprocessing hook: only the document of the listings has views that are not DRF's."""
    if any(path.startswith("/listings/") for path in result["paths"]):
        result["paths"].update(yaml.safe_load(PLAIN_VIEWS.read_text()))
    return result
