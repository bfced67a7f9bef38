#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the archive holds in the end is judged by tools that others wrote."""
import shutil
import subprocess
import unittest

import pydicom

from fixture import COMPREHENSIVE_SR, EndToEnd, SECONDARY_CAPTURE, uid_of


class Results(EndToEnd):
    def stored_results(self, **attributes):
        """The files of capture and report of a phantom with these attributes, as the archive gives them out."""
        self.start()
        self.source = self.radiograph(**attributes)
        self.orthanc.store(self.source)
        self.settle(self.source)
        self.results = self.results_of(self.source)
        return {uid: [self.folder / f"download-{self.id_of(str(data.SOPInstanceUID))}.dcm" for data in found]
                for uid, found in self.results.items()}

    def assert_conformant(self, path):
        self.assertIsNotNone(shutil.which("dciodvfy"), "dciodvfy (package dicom3tools) is missing")
        run = subprocess.run(["dciodvfy", "-new", path], capture_output=True, text=True, check=False)
        output = run.stdout + run.stderr
        self.assertEqual(run.returncode, 0, output)
        self.assertNotIn("Error", output)

    def test_capture_and_report_are_conformant(self):
        files = self.stored_results()
        self.assertEqual(sorted(files), sorted([SECONDARY_CAPTURE, COMPREHENSIVE_SR]))
        for paths in files.values():
            for path in paths:
                self.assert_conformant(path)

    def test_results_of_a_source_with_invalid_and_missing_attributes_are_conformant(self):
        files = self.stored_results(StudyID=None, PatientID=None, StudyDate=None, AccessionNumber=None)
        self.assertEqual(sorted(files), sorted([SECONDARY_CAPTURE, COMPREHENSIVE_SR]))
        for paths in files.values():
            for path in paths:
                self.assert_conformant(path)

    def test_a_report_without_a_class_is_conformant(self):
        files = self.stored_results(PatientAge="062Y", PatientBirthDate=None)
        self.assertEqual(list(files), [COMPREHENSIVE_SR])
        self.assert_conformant(files[COMPREHENSIVE_SR][0])

    def test_dsrdump_prints_the_report(self):
        files = self.stored_results()
        run = subprocess.run(["dsrdump", files[COMPREHENSIVE_SR][0]], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        for words in ("Imaging Measurement Report", "Finding", "Image Region", "Summary"):
            self.assertIn(words, run.stdout)

    def test_capture_and_report_refer_to_their_source(self):
        self.stored_results()
        source = uid_of(self.source)
        capture = self.results[SECONDARY_CAPTURE][0]
        report = self.results[COMPREHENSIVE_SR][0]
        self.assertEqual(capture.SourceImageSequence[0].ReferencedSOPInstanceUID, source)
        evidence = report.CurrentRequestedProcedureEvidenceSequence
        referenced = [item.ReferencedSOPInstanceUID for study in evidence for series in study.ReferencedSeriesSequence
                      for item in series.ReferencedSOPSequence]
        self.assertEqual(referenced.count(source), 1)
        self.assertEqual(len(referenced), len(set(referenced)))

    def test_the_capture_keeps_the_aspect_of_its_source(self):
        self.stored_results()
        source = pydicom.dcmread(self.source, stop_before_pixels=True)
        capture = self.results[SECONDARY_CAPTURE][0]
        self.assertLessEqual(max(capture.Rows, capture.Columns), 1024)
        self.assertAlmostEqual(capture.Columns / capture.Rows, source.Columns / source.Rows, delta=0.01)
        self.assertEqual(capture.PhotometricInterpretation, "RGB")


if __name__ == "__main__":
    unittest.main()
