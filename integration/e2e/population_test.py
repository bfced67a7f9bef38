#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Patients known to be outside the model's population are refused, or warned about when the operator says so."""
import unittest

from fixture import COMPREHENSIVE_SR, EndToEnd, text_of


class Enforced(EndToEnd):
    def test_an_adult_gets_a_report_alone_that_says_why(self):
        self.start()
        path = self.radiograph(PatientAge="062Y", PatientBirthDate=None)
        self.orthanc.store(path)
        answer = self.settle(path)[0]
        self.assertEqual(answer["outcome"], "not applicable")
        self.assertIn("AGE_OUTSIDE_POPULATION", str(answer))
        results = self.results_of(path)
        self.assertEqual({uid: len(found) for uid, found in results.items()}, {COMPREHENSIVE_SR: 1})
        self.assertIn("62", text_of(results[COMPREHENSIVE_SR][0]))

    def test_an_unknown_age_is_a_warning(self):
        self.start()
        path = self.radiograph(PatientAge=None, PatientBirthDate=None)
        self.orthanc.store(path)
        answer = self.settle(path)[0]
        self.assertEqual(answer["outcome"], "analysed with warnings")
        self.assertIn("AGE_UNKNOWN", str(answer))
        self.assert_one_capture_and_one_report(path)

    def test_a_child_is_analysed_without_a_warning(self):
        self.start()
        path = self.radiograph(PatientAge="003Y", PatientBirthDate=None)
        self.orthanc.store(path)
        self.assertEqual(self.settle(path)[0]["outcome"], "analysed")


class Warned(EndToEnd):
    service_flags = ("--population", "warn")

    def test_an_adult_is_analysed_with_a_warning(self):
        self.start()
        path = self.radiograph(PatientAge="062Y", PatientBirthDate=None)
        self.orthanc.store(path)
        answer = self.settle(path)[0]
        self.assertEqual(answer["outcome"], "analysed with warnings")
        self.assertIn("AGE_OUTSIDE_POPULATION", str(answer))
        self.assert_one_capture_and_one_report(path)


if __name__ == "__main__":
    unittest.main()
