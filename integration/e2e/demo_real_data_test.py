#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""integration/demo.sh with real radiographs. Exit status 77, which ctest reports as skipped, where there are none; the
project's own six in demo_test.py go the same way everywhere."""
import sys
import unittest

from demo_fixture import DemoCase
from processes import DATA


class RealRadiographs(DemoCase):
    def test_seven_real_radiographs_get_one_capture_and_one_report_each(self):
        images = [sorted((DATA / "fullsize" / name).iterdir())[0] for name in ("BACTERIA", "NORMAL", "VIRUS")]
        status, output = self.demo("--once", "--any-age", str(DATA / "dicom"), *map(str, images))
        self.assertEqual(status, 0, output)
        self.assertEqual(len(self.rows(output)), 7, output)

    def test_without_any_age_the_adults_have_a_report_that_says_why_not(self):
        status, output = self.demo("--once", str(DATA / "dicom"))
        self.assertEqual(status, 0, output)
        self.assertIn("AGE_OUTSIDE_POPULATION", output.upper())


if __name__ == "__main__":
    if not DATA.is_dir():
        print(f"SKIPPED: no real radiographs at {DATA} (set CXR_DATA)")
        sys.exit(77)
    unittest.main()
