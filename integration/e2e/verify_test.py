#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""cxr-analyze verify: a stored report is held against its source by repeating the analysis with the real service."""
import subprocess
import unittest

import pydicom

from fixture import EndToEnd
from processes import binary


def nodes(item):
    """Every content item of a report, in document order."""
    yield item
    for child in item.get("ContentSequence", []):
        yield from nodes(child)


def named(report, meaning):
    return [node for node in nodes(report)
            if node.get("ConceptNameCodeSequence") and node.ConceptNameCodeSequence[0].CodeMeaning == meaning]


def without(item, *meanings):
    """Removes the content items below item that are called so."""
    if "ContentSequence" in item:
        kept = [child for child in item.ContentSequence if not ("ConceptNameCodeSequence" in child
                and child.ConceptNameCodeSequence[0].CodeMeaning in meanings)]
        for child in kept:
            without(child, *meanings)
        item.ContentSequence = kept
        if not kept:
            del item.ContentSequence


class Verify(EndToEnd):
    def report_of(self, source):
        out = self.folder / "out"
        subprocess.run([binary("cxr-analyze"), "--server", self.service.address, "--out", str(out), str(source)],
                       stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=300)
        return out / f"{source.stem}.sr.dcm"

    def tampered(self, report, change):
        data = pydicom.dcmread(report)
        change(data)
        target = self.folder / "tampered.sr.dcm"
        data.save_as(target)
        return target

    def verify(self, report, source, *options):
        return subprocess.run([binary("cxr-analyze"), "verify", "--server", self.service.address, *options,
                               str(report), str(source)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300)

    def assert_does_not_hold(self, run, *differences):
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertIn("does NOT hold", run.stdout)
        for difference in differences:
            self.assertIn(difference, run.stdout.splitlines()[-1])

    def test_a_report_holds_for_its_source(self):
        self.service.start()
        source = self.radiograph()
        run = self.verify(self.report_of(source), source)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        for what in ("Source instance", "Model SHA-256", "Settings", "Outcome", "Finding", "Qualifier",
                     "Conclusion", "Pneumonia score", "Operating point", "Lower operating point", "Regions", "Summary"):
            self.assertIn(what, run.stdout)
        self.assertNotIn("DIFFERS", run.stdout)

    def test_a_report_that_says_why_there_is_no_class_holds_too(self):
        self.service.start()
        source = self.radiograph(PatientAge="062Y", PatientBirthDate=None)
        run = self.verify(self.report_of(source), source)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("Age is outside", run.stdout)

    def test_a_report_of_version_0_1_0_holds_and_what_it_does_not_say_is_marked(self):
        self.service.start()
        source = self.radiograph()

        def grow_old(data):
            without(data, "Conclusion of the analysis", "Finding context", "Lower operating point of pneumonia score")
            named(data, "Summary")[0].TextValue = "As it was worded then."
            data.SoftwareVersions = ["cxr-triage 0.1.0"]
        run = self.verify(self.tampered(self.report_of(source), grow_old), source)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        noted = [line.split("  ")[0] for line in run.stdout.splitlines() if "differs, does not decide" in line]
        self.assertEqual(noted, ["Service version", "Qualifier", "Conclusion", "Lower operating point of pneumonia score",
                                 "Summary"])

    def test_a_report_that_was_changed_does_not_hold(self):
        self.service.start()
        source = self.radiograph()
        report = self.report_of(source)

        def change_score(data):
            named(data, "Pneumonia score")[0].MeasuredValueSequence[0].NumericValue = "12.34"
        self.assert_does_not_hold(self.verify(self.tampered(report, change_score), source), "Pneumonia score")

        def change_finding(data):
            for node in named(data, "Finding") + named(data, "Normality"):
                if node.RelationshipType == "CONTAINS":
                    node.ConceptCodeSequence[0].CodeValue = "233604007"
        self.assert_does_not_hold(self.verify(self.tampered(report, change_finding), source), "Finding")

        def move_region(data):
            region = named(data, "Image Region")[0]
            region.GraphicData = [value * 0.8 for value in region.GraphicData]
        self.assert_does_not_hold(self.verify(self.tampered(report, move_region), source), "Regions")

        def change_words(data):
            named(data, "Summary")[0].TextValue = "Nothing was found."
        self.assert_does_not_hold(self.verify(self.tampered(report, change_words), source), "Summary")

    def test_another_model_digest_does_not_hold(self):
        self.service.start()
        source = self.radiograph()

        def change(data):
            for node in named(data, "Algorithm Parameters"):
                node.TextValue = node.TextValue.replace("model sha256 ", "model sha256 0")[:77]
        self.assert_does_not_hold(self.verify(self.tampered(self.report_of(source), change), source), "Model SHA-256")

    def test_another_source_does_not_hold(self):
        self.service.start()
        source = self.radiograph()
        report = self.report_of(source)
        self.assert_does_not_hold(self.verify(report, self.radiograph("other")), "Source instance", "Study")

    def test_a_source_whose_pixels_were_changed_does_not_hold(self):
        self.service.start()
        source = self.radiograph()
        report = self.report_of(source)
        data = pydicom.dcmread(source)
        data.PixelData = bytes(reversed(data.PixelData))
        data.save_as(source)
        self.assert_does_not_hold(self.verify(report, source))

    def test_a_service_that_refuses_others_does_not_confirm(self):
        self.service.start()
        source = self.radiograph(PatientAge="062Y", PatientBirthDate=None)
        report = self.report_of(source)
        self.service.end()
        self.service.flags = (*self.service.flags, "--population", "warn")
        self.service.start()
        self.assert_does_not_hold(self.verify(report, source), "Settings", "Outcome")

    def test_what_is_not_a_report_and_a_service_that_is_away_are_said(self):
        self.service.start()
        source = self.radiograph()
        report = self.report_of(source)
        run = self.verify(source, source)
        self.assertEqual(run.returncode, 2)
        self.assertIn("not a report of cxr-triage", run.stderr)
        self.service.end()
        run = self.verify(report, source, "--connect-timeout", "0.5")
        self.assertEqual(run.returncode, 1)
        self.assertIn("was not serving within 0.5 s", run.stderr)


if __name__ == "__main__":
    unittest.main()
