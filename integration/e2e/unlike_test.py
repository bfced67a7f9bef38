#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What is no radiograph of a chest gets no class: by the image itself, and by its out-of-distribution score at the
shipped model's thresholds, under each value of --unlike."""
import unittest
import urllib.request

import numpy
import pydicom

from fixture import COMPREHENSIVE_SR, EndToEnd
from processes import free_port


class Unlike(EndToEnd):
    def setUp(self):
        self.metrics = f"127.0.0.1:{free_port()}"
        self.service_flags = ("--metrics", self.metrics)
        super().setUp()

    def blank(self):
        path = self.radiograph("blank")
        data = pydicom.dcmread(path)
        data.PixelData = numpy.zeros((data.Rows, data.Columns), f"u{data.BitsAllocated // 8}").tobytes()
        data.save_as(path)
        return path

    def counted(self, outcome, reason):
        """How many analyses the service counted with this outcome and reason."""
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        name = f'cxr_reasons_total{{outcome="{outcome}",reason="{reason}"}} '
        return next((float(line[len(name):]) for line in lines if line.startswith(name)), 0)

    def in_worklist(self, path):
        uid = str(pydicom.dcmread(path, stop_before_pixels=True).StudyInstanceUID)
        return next(entry for entry in self.orthanc.get("/cxr-triage/worklist") if entry["study_instance_uid"] == uid)

    def assert_refused(self, path, answer, reason):
        self.assertEqual(answer["outcome"], "not applicable")
        self.assertEqual([entry["code"] for entry in answer["reasons"]], [reason])
        self.assertIsNone(answer["finding"])
        results = self.results_of(path)
        self.assertEqual({uid: len(found) for uid, found in results.items()}, {COMPREHENSIVE_SR: 1})
        self.assertIn(answer["reasons"][0]["message"], results[COMPREHENSIVE_SR][0].to_json())  # str() cuts long texts
        entry = self.in_worklist(path)
        self.assertEqual((entry["outcome"], entry["finding"], entry["reasons"]), ("not applicable", None, [reason]))
        self.assertEqual(self.counted("not applicable", reason), 1)

    def settle_drawing_and_blank(self):
        self.start()
        drawing, blank = self.radiograph("drawing"), self.blank()
        self.orthanc.store(drawing)
        self.orthanc.store(blank)
        answers = self.settle(drawing, blank)
        self.assert_refused(blank, answers[1], "NO_CONTRAST")
        return drawing, answers[0]


class Enforced(Unlike):
    unlike = "enforce"

    def test_a_drawing_and_a_blank_image_get_a_report_alone_that_says_why(self):
        drawing, answer = self.settle_drawing_and_blank()
        self.assert_refused(drawing, answer, "UNLIKE_TRAINING_DATA")


class Warned(Unlike):
    unlike = "warn"

    def test_a_drawing_is_analysed_with_a_warning_and_a_blank_image_is_not(self):
        drawing, answer = self.settle_drawing_and_blank()
        self.assertEqual(answer["outcome"], "analysed with warnings")
        self.assertEqual([entry["code"] for entry in answer["reasons"]], ["UNLIKE_TRAINING_DATA"])
        self.assert_one_capture_and_one_report(drawing)
        self.assertEqual(self.in_worklist(drawing)["reasons"], ["UNLIKE_TRAINING_DATA"])
        self.assertEqual(self.counted("analysed with warnings", "UNLIKE_TRAINING_DATA"), 1)


class Off(Unlike):
    unlike = "off"

    def test_a_drawing_is_analysed_and_a_blank_image_is_not(self):
        drawing, answer = self.settle_drawing_and_blank()
        self.assertEqual((answer["outcome"], answer["reasons"]), ("analysed", []))
        self.assert_one_capture_and_one_report(drawing)


if __name__ == "__main__":
    unittest.main()
