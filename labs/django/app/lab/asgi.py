"""What uvicorn runs: the same views, which Django then calls in one thread that they share."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lab.settings")
application = get_asgi_application()
