#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input gets a reason of its own; the service stays up and its memory bounded, and the archive goes on."""
import json
import subprocess
import unittest

import pydicom

from fixture import EndToEnd, uid_of, vary
from processes import binary


class BadInput(EndToEnd):
    def bad_file(self, name, content):
        path = self.folder / f"{name}.dcm"
        path.write_bytes(content)
        return path

    def truncated(self):
        content = self.radiograph().read_bytes()
        return self.bad_file("truncated", content[:len(content) // 2])

    def without_pixels(self):
        return self.radiograph("nopixels", PixelData=None)

    def sized(self, name, rows, columns):
        return self.radiograph(name, Rows=rows, Columns=columns)

    def without_uid(self, keyword):
        data = pydicom.dcmread(self.phantom)
        delattr(data, keyword)
        path = self.folder / f"no-{keyword}.dcm"
        data.save_as(path)
        return path

    def analyze(self, *paths):
        """cxr-analyze's exit status and its answer for each file name."""
        run = subprocess.run([binary("cxr-analyze"), "--server", self.service.address, "--json",
                              "--out", str(self.folder / "out"), *map(str, paths)],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        return run.returncode, {answer["file"].rpartition("/")[2]: answer for answer in answers}

    def assert_refused(self, path, reason):
        status, answers = self.analyze(path)
        answer = answers[path.name]
        self.assertEqual(status, 1)
        self.assertEqual(answer["outcome"], "failed")
        self.assertIn(reason, json.dumps(answer["reasons"]).upper())
        self.assertIsNone(answer.get("finding"), "a failure carries no class")
        self.assertFalse(answer.get("objects"))

    def test_every_kind_of_bad_input_has_its_reason(self):
        self.service.start()
        self.assert_refused(self.bad_file("text", b"not a DICOM file at all, " * 100), "NOT_DICOM")
        self.assert_refused(self.truncated(), "TRUNCATED")
        self.assert_refused(self.without_pixels(), "NO_PIXEL_DATA")
        self.assert_refused(self.sized("huge", 65535, 65535), "INVALID_IMAGE_SIZE")
        self.assert_refused(self.sized("flat", 0, 100), "INVALID_IMAGE_SIZE")
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            self.assert_refused(self.without_uid(keyword), "MISSING_UID")
        status, answers = self.analyze(self.radiograph("good"))
        self.assertEqual((status, answers["good.dcm"]["outcome"]), (0, "analysed"))

    def test_memory_stays_bounded(self):
        self.service.start()
        good, huge = self.radiograph("good"), self.sized("huge", 65535, 65535)
        bad = [huge, self.truncated(), self.bad_file("noise", bytes(range(256)) * 4096)]
        self.analyze(good, *bad)
        before = self.service.resident_bytes()
        for _ in range(10):
            self.analyze(good, *bad)
        self.assertTrue(self.service.alive())
        self.assertLess(self.service.resident_bytes() - before, 200 << 20)

    def test_the_archive_marks_what_failed_and_goes_on(self):
        self.start()
        bad, good = self.sized("huge", 65535, 65535), self.radiograph("good")
        self.orthanc.store(bad)
        self.orthanc.store(good)
        failed, analysed = self.settle(bad, good)
        self.assertEqual(failed["outcome"], "failed")
        self.assertIn("INVALID_IMAGE_SIZE", str(failed))
        self.assertEqual(analysed["outcome"], "analysed")
        self.assertEqual(self.results_of(bad), {})

    def test_outcomes_of_readable_radiographs_that_are_not_eligible_are_coded(self):
        self.service.start()
        cases = {"MODALITY": {"Modality": "CT"}, "BODY_PART": {"BodyPartExamined": "HAND"}, "VIEW": {"ViewPosition": "LL"}}
        for code, attributes in cases.items():
            path = self.radiograph(code.lower(), **attributes)
            status, answers = self.analyze(path)
            self.assertEqual((status, answers[path.name]["outcome"]), (0, "not applicable"))
            self.assertIn(code, json.dumps(answers[path.name]["reasons"]).upper())
            self.assertIsNone(answers[path.name].get("finding"))


if __name__ == "__main__":
    unittest.main()
