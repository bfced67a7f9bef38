#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The conformance run itself: what would make it pass in silence must make it fail."""
import io
import os
import pathlib
import shutil
import tempfile
import unittest
from contextlib import redirect_stdout
from unittest import mock

import numpy
import pydicom

import geometry
import known_warnings
import pairwise
import radiographs
import random_radiographs
import run
import validators


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cxr-conformance-test."))
        self.addCleanup(shutil.rmtree, self.folder)

    def path_with(self, **scripts):
        """A PATH of every validator's program, those in scripts replaced by a shell script, or left out where None."""
        for tool in validators.PACKAGES:
            script = scripts.get(tool, "real")
            if script == "real":
                (self.folder / tool).symlink_to(shutil.which(tool))
            elif script is not None:
                (self.folder / tool).write_text(f"#!/bin/sh\n{script}\n")
                (self.folder / tool).chmod(0o755)
        return mock.patch.dict(os.environ, PATH=str(self.folder))

    def run_quietly(self, *arguments):
        output = io.StringIO()
        with redirect_stdout(output):
            status = run.main(["--keep", str(self.folder / "results"), *arguments])
        return status, output.getvalue()


class Validators(Folder):
    def test_a_missing_validator_fails_the_run_and_is_named_with_its_package(self):
        for tool, package in validators.PACKAGES.items():
            with self.subTest(tool), self.path_with(**{tool: None}):
                status, output = self.run_quietly("matrix")
                self.assertEqual(status, 1)
                self.assertIn(f"missing: {tool} (package {package})", output)
            for link in self.folder.iterdir():
                link.unlink()

    def test_missing_rules_of_pixelmed_fail_the_run(self):
        with mock.patch.object(validators, "PIXELMED", self.folder / "pixelmed.jar"):
            status, output = self.run_quietly("matrix")
        self.assertEqual(status, 1)
        self.assertIn("libpixelmed-java", output)

    def test_a_crashing_validator_fails_the_run(self):
        with self.path_with(dciodvfy="kill -SEGV $$"), self.assertRaisesRegex(validators.Broken, "dciodvfy.*crashed"):
            validators.dciodvfy(self.folder / "report.dcm")

    def test_a_silent_validator_fails_the_run(self):
        with self.path_with(dciodvfy="exit 0", dsrdump="exit 0", gdcminfo="exit 0"):
            for check in (validators.dciodvfy, validators.dsrdump, validators.gdcminfo):
                with self.subTest(check.__name__), self.assertRaises(validators.Broken):
                    check(self.folder / "report.dcm")

    def test_a_java_machine_that_ends_early_fails_the_run(self):
        with self.path_with(java="echo FILE one; echo IOD validation complete"), self.assertRaises(validators.Broken):
            validators.pixelmed(["one", "two"], 1)

    def test_a_file_that_is_no_dicom_is_an_error_to_every_validator(self):
        broken = self.folder / "report.dcm"
        broken.write_bytes(b"no DICOM" * 100)
        for check in (validators.dciodvfy, validators.dsrdump, validators.gdcminfo, validators.dcmpschk):
            with self.subTest(check.__name__):
                try:
                    self.assertTrue(any(finding.severity == "error" for finding in check(broken)))
                except validators.Broken:
                    pass  # saying nothing about it fails the run too

    def test_an_unexpected_warning_fails_the_run(self):
        judged = run.Run(self.folder, 1)
        judged.warnings = [validators.Finding("dciodvfy", "warning", "report.dcm", "Warning - something new")]
        with redirect_stdout(io.StringIO()):
            self.assertEqual(judged.report(), 1)

    def test_a_known_warning_of_another_validator_is_unexpected(self):
        text = "CodingSchemeDesignator - Unrecognized defined term = <99CXRTRIAGE>"
        finding = validators.Finding("dciodvfy", "warning", "report.dcm", text)
        self.assertEqual(known_warnings.split([finding])[1], [])
        finding = validators.Finding("dcentvfy", "warning", "report.dcm", text)
        self.assertEqual(known_warnings.split([finding])[1], [finding])


class Pairs(unittest.TestCase):
    AXES = {"a": [1, 2, 3], "b": [1, 2, 3], "c": [1, 2], "d": [1, 2]}

    def test_few_combinations_hold_every_pair(self):
        chosen = pairwise.pairwise(self.AXES)
        self.assertLess(len(chosen), 14)
        self.assertEqual(pairwise.coverage(chosen, self.AXES), (37, 37))

    def test_what_is_not_allowed_is_not_chosen_and_not_missed(self):
        def allowed(case):
            return case["a"] != 1 or case["b"] == 1
        chosen = pairwise.pairwise(self.AXES, allowed)
        self.assertTrue(all(map(allowed, chosen)))
        self.assertEqual(pairwise.coverage(chosen, self.AXES, allowed), (35, 35))

    def test_a_missing_pair_is_noticed(self):
        chosen = pairwise.pairwise(self.AXES)
        self.assertLess(pairwise.coverage(chosen[:-1], self.AXES)[0], 37)


class Geometry(unittest.TestCase):
    def test_a_square_covers_the_pixels_whose_centres_it_holds(self):
        mask = geometry.rasterise([numpy.array([(1, 2), (4, 2), (4, 5), (1, 5), (1, 2)])], 8, 8)
        self.assertEqual(numpy.argwhere(mask).min(axis=0).tolist(), [2, 1])
        self.assertEqual(numpy.count_nonzero(mask), 9)

    def test_a_shifted_region_no_longer_overlaps_enough(self):
        square = numpy.array([(10, 10), (30, 10), (30, 30), (10, 30), (10, 10)])
        here = geometry.rasterise([square], 60, 60)
        self.assertEqual(geometry.overlap(here, here), 1)
        self.assertLess(geometry.overlap(here, geometry.rasterise([square + 2], 60, 60)), geometry.LEAST_OVERLAP)

    def test_the_map_is_interpolated_through_its_cells(self):
        matrix = geometry.weights(7, numpy.arange(7.0))
        self.assertTrue(numpy.allclose(matrix, numpy.eye(7)))
        self.assertTrue(numpy.allclose(geometry.weights(7, numpy.linspace(-0.5, 6.4, 50)).sum(axis=1), 1))


class NotAnalysed(Folder):
    def test_under_the_title_that_the_validator_knows_nothing_but_the_summary_is_new_to_the_template(self):
        source, report = self.folder / "source.dcm", self.folder / "report.dcm"
        case = {"outcome": "not applicable", "source": "DX", "spacing": "pixel", "text": "default"}
        radiographs.radiograph(case).save_as(source, write_like_original=False)
        run.Run(self.folder, 1).analyse([(source, self.folder, "BACTERIA", "COMPREHENSIVE")])
        data = pydicom.dcmread(report)
        self.assertEqual(data.ConceptNameCodeSequence[0].CodeValue, "NOT_ANALYSED")
        data.ConceptNameCodeSequence = radiographs.code("126000", "DCM", "Imaging Measurement Report")
        data.save_as(report)
        found = validators.pixelmed([report], 1)
        self.assertEqual(len(found), 1, found)
        self.assertIn('TEXT (121111,DCM,"Summary"): Content Item not in template', found[0].text)


class Sources(Folder):
    def test_equal_seeds_give_equal_sources_and_others_give_others(self):
        contents = []
        for seed in (1, 1, 2):
            random_radiographs.RandomRadiographs(seed).write(3, self.folder / "source.dcm")
            contents.append((self.folder / "source.dcm").read_bytes())
        self.assertEqual(contents[0], contents[1])
        self.assertNotEqual(contents[0], contents[2])

    def test_a_source_that_ends_the_generator_is_named(self):
        with self.assertRaisesRegex(run.Wrong, "absent.dcm"):
            run.Run(self.folder, 1).analyse([(self.folder / "absent.dcm", self.folder, "NORMAL", "COMPREHENSIVE")])


if __name__ == "__main__":
    unittest.main()
