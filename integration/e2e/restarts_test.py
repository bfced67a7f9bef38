#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""No stored radiograph is forgotten, and none gets its results twice, whatever is stopped in between."""
import signal
import subprocess
import unittest

from fixture import EndToEnd, uid_of
from processes import binary, wait_until


class Restarts(EndToEnd):
    def radiographs(self, count):
        return [self.radiograph(f"r{number}") for number in range(count)]

    def assert_each_has_its_results_once(self, paths):
        self.settle(*paths)
        self.wait_until_idle()
        for path in paths:
            self.assert_one_capture_and_one_report(path)
        self.assertEqual(self.statistics(), 3 * len(paths))

    def test_what_is_stored_while_the_service_is_away_is_analysed_when_it_is_back(self):
        self.start()
        first, second = self.radiographs(2)
        self.orthanc.store(first)
        self.settle(first)
        self.service.end()
        self.orthanc.store(second)
        wait_until("the plugin waits with the radiograph", lambda: self.triage(uid_of(second)).get("last_error"))
        self.service.start()
        self.assert_each_has_its_results_once([first, second])

    def test_the_archive_accepts_radiographs_that_arrive_before_the_service_ever_ran(self):
        self.orthanc.start()
        path = self.radiograph()
        self.orthanc.store(path)
        self.service.start()
        self.assert_each_has_its_results_once([path])

    def test_a_killed_archive_goes_on_where_it_stopped(self):
        self.start()
        paths = self.radiographs(8)
        self.orthanc.store(*paths)
        self.settle(paths[0])
        self.orthanc.end(signal.SIGKILL)
        self.orthanc.start()
        self.assert_each_has_its_results_once(paths)

    def test_an_archive_killed_while_the_service_is_away_forgets_nothing(self):
        self.orthanc.start()
        paths = self.radiographs(3)
        self.orthanc.store(*paths)
        self.orthanc.end(signal.SIGKILL)
        self.orthanc.start()
        self.service.start()
        self.assert_each_has_its_results_once(paths)

    def test_an_archive_stopped_in_order_goes_on_where_it_stopped(self):
        self.start()
        first, second = self.radiographs(2)
        self.orthanc.store(first)
        self.settle(first)
        self.service.end()
        self.orthanc.store(second)
        self.assertEqual(self.orthanc.end(), 0)
        self.service.start()
        self.orthanc.start()
        self.assert_each_has_its_results_once([first, second])

    def test_sigterm_lets_calls_in_flight_finish(self):
        self.service.start()
        wait_until("the model is served", lambda: "serving model" in self.service.text())
        paths = self.radiographs(24)
        out = self.folder / "out"
        client = subprocess.Popen([binary("cxr-analyze"), "--server", self.service.address, "--json", "--out", str(out),
                                   "--connect-timeout", "1", *map(str, paths)],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(client.stdout.close)
        self.addCleanup(client.stderr.close)
        wait_until("the first result is written", lambda: out.is_dir() and list(out.glob("*.sr.dcm")))
        self.assertEqual(self.service.end(), 0)
        answered = client.communicate(timeout=120)[0].splitlines()
        self.assertEqual(len(answered), len(paths), "every input has its line, answered or not")
        wrong = [line for line in answered if '"failed"' in line and "NOT_SERVING" not in line.upper()
                 and "UNAVAILABLE" not in line.upper()]
        self.assertEqual(wrong, [], "a call is answered, or refused because the service drains; none is broken off")


if __name__ == "__main__":
    unittest.main()
