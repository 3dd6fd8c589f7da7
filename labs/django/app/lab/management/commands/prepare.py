"""Makes the tables and writes the API documents, in one process: Django takes a second to load."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand

from lab.urlconfs import ALL


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("directory", help="where the documents go, one <name>.yaml each")

    def handle(self, *args, **options):
        call_command("migrate", run_syncdb=True, verbosity=0)
        for name, urlconf in ALL.items():
            file = Path(options["directory"]) / f"{name}.yaml"
            call_command("spectacular", urlconf=urlconf, file=str(file), fail_on_warn=True)
