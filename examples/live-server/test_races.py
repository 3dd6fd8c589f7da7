"""DATABASE_URL=postgres://… BUY=buy-locked python -m django test --settings settings"""

import json
import os
import socket
import subprocess

from django.db import connections
from django.test import LiveServerTestCase

DEADHEAT = os.environ.get("DEADHEAT", "npx deadheat").split()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


class RaceTestCase(LiveServerTestCase):
    """Each request of the live server opens a connection of its own: during a race, through deadheat's proxy."""

    def race(self, file, **env):
        settings = connections["default"].settings_dict
        url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings)
        port = free_port()
        command = [*DEADHEAT, "race", file, "--json", "--target", self.live_server_url, "--proxy-port", port]
        process = subprocess.Popen(
            command,
            env={**os.environ, **env, "DEADHEAT_DATABASE": url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        direct = settings["HOST"], settings["PORT"]
        try:
            while "give this to the API" not in process.stderr.readline():
                self.assertIsNone(process.poll(), "deadheat ended before its proxy was ready")
            settings["HOST"], settings["PORT"] = "127.0.0.1", port
            out, err = process.communicate(timeout=120)
        finally:
            settings["HOST"], settings["PORT"] = direct
            process.kill()
        self.assertTrue(out, err)
        return json.loads(out)


class Races(RaceTestCase):
    def test_the_last_one_is_sold_once(self):
        report = self.race("race.yaml", BUY=os.environ.get("BUY", "buy-locked"))
        self.assertEqual(report["status"], "not-observed", report.get("interleaving", report))
        # Every order of their statements was tried, and none was left out for want of a second connection.
        self.assertEqual(report["schedules"]["unrealised"], 0)
        self.assertEqual(report["schedules"]["realised"], report["schedules"]["planned"])
