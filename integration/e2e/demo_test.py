#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""integration/demo.sh does what the README says, without a terminal."""
import re
import signal
import subprocess
import unittest
import urllib.request

from demo_fixture import DEMO, DemoCase, environment
from processes import SOURCE, Process, wait_until

RADIOGRAPHS = SOURCE / "integration" / "demo-radiographs"


class Demo(DemoCase):
    def test_once_without_arguments_shows_six_radiographs_and_a_refused_phantom_and_leaves_nothing(self):
        status, output = self.demo("--once")
        self.assertEqual(status, 0, output)
        rows = {row[0]: row for row in self.rows(output)}
        self.assertEqual(sorted(rows), sorted(path.name for path in RADIOGRAPHS.iterdir()), output)
        self.assertEqual({row[1] for row in rows.values()}, {"analysed"}, output)
        self.assertRegex(output, r"(?m)^phantom +not applicable +-.* 0 SC \+ 1 SR +UNLIKE_TRAINING_DATA$")
        self.assert_nothing_left()

    def test_the_table_ends_with_the_worklist_most_urgent_first(self):
        _, output = self.demo("--once")
        lines = output.partition("Worklist, most urgent first:\n")[2].partition("\n\n")[0].splitlines()
        entries = [re.split(r"\s{2,}", line) for line in lines[1:]]
        self.assertEqual([int(entry[0]) for entry in entries], list(range(1, 8)), output)
        self.assertEqual(entries[-1][1:3], ["phantom", "not applicable"], output)
        positive = [entry for entry in entries if entry[3] in ("BACTERIA", "VIRUS")]
        self.assertEqual(entries[:len(positive)], positive, "positives come first")
        self.assertTrue(any("person" in entry[1] for entry in positive), output)
        negative = [entry for entry in entries if entry[3] == "NORMAL"]
        self.assertEqual(entries[-1 - len(negative):-1], negative, "negatives come last of what was analysed")
        for group in (positive, negative):
            scores = [float(entry[4]) for entry in group]
            self.assertEqual(scores, sorted(scores, reverse=True), output)

    def test_orthanc_is_the_first_address(self):
        _, output = self.demo("--once")
        first = re.search(r"\S*(127\.0\.0\.1|localhost)\S*", output)
        self.assertRegex(output, r"(?m)^Orthanc: http://127\.0\.0\.1:\d+$")
        self.assertTrue(first.group(0).startswith("http://127.0.0.1:"), first.group(0))
        self.assertEqual(output[:first.start()].splitlines()[-1], "Orthanc: ", output)

    def test_it_stays_open_until_term(self):
        demo = Process(self.folder / "demo.log")
        self.addCleanup(demo.end)
        demo.spawn(str(DEMO), environment=environment(self.folder))
        wait_until("the demo shows its results", lambda: "Running until" in demo.text() or not demo.alive(), 600)
        address = re.search(r"^Orthanc: (\S+)$", demo.text(), re.M).group(1)
        with urllib.request.urlopen(f"{address}/studies", timeout=30) as answer:
            self.assertIn(b'"', answer.read())
        self.assertEqual(demo.end(signal.SIGTERM), 0)
        self.assert_nothing_left()

    def test_int_ends_it_though_its_parent_ignores_int(self):
        demo = Process(self.folder / "demo.log")
        self.addCleanup(demo.end)
        demo.spawn("bash", "-c", 'trap "" INT; exec "$0"', str(DEMO), environment=environment(self.folder))
        wait_until("the demo shows its results", lambda: "Running until" in demo.text() or not demo.alive(), 600)
        self.assertEqual(demo.end(signal.SIGINT), 0)
        self.assert_nothing_left()

    def test_two_at_once_do_not_meet(self):
        demos = [subprocess.Popen([DEMO, "--once"], cwd=self.folder, env=environment(self.folder),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                 for _ in range(2)]
        for demo in demos:
            output = demo.communicate(timeout=800)[0]
            self.assertEqual(demo.returncode, 0, output)
            self.assertEqual(len(self.rows(output)), 6, output)
        self.assert_nothing_left()

    def test_wrong_usage_is_refused_before_anything_starts(self):
        for arguments in (["--no-such-flag"], ["no-such-file.dcm"]):
            status, output = self.demo(*arguments)
            self.assertEqual(status, 2, output)
            self.assertNotIn("Orthanc:", output)

    def test_a_file_that_is_no_radiograph_fails(self):
        path = self.folder / "notes.dcm"
        path.write_text("not a radiograph", encoding="utf-8")
        self.assertNotEqual(self.demo("--once", str(path))[0], 0)
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
