from django.apps import AppConfig


class LabConfig(AppConfig):
    name = "lab"

    def ready(self):
        # drf-spectacular finds its extensions once they are imported.
        from lab import documents  # noqa: F401
