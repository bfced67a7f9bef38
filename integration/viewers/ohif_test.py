#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""OHIF shows what cxr-triage wrote: results of each conclusion, and a report that says why there is none."""
import json
import shutil

import ohif_server
from viewers_fixture import OHIF, Screen, Viewed, main, numbers, regions
from fixture import uid_of  # viewers_fixture knows its folder

MOST_LABELS = 5  # OHIF writes no more beside one region


class ShownByOhif(Viewed):
    def show(self, name, **job):
        """Shows the study of the radiograph in OHIF, asserts what is true of each, and returns OHIF's answer."""
        with ohif_server.serving(OHIF, f"http://127.0.0.1:{self.orthanc.http_port}") as address:
            answer = self.browse("ohif.mjs", address=address, study=str(self.report.StudyInstanceUID), name=name,
                                 series=2 + (self.capture is not None), capture=self.capture is not None, **job)
        self.assert_listed(answer["thumbnails"])
        if "title" not in job:
            self.assert_report_shown(answer["report"])
        if self.capture is not None:
            self.assertEqual(answer["capture"]["sopInstanceUid"], str(self.capture.SOPInstanceUID))
        return answer

    def assert_listed(self, thumbnails):
        results = [data for data in (self.capture, self.report) if data is not None]
        listed = [("DX", "")] + [(str(data.Modality), str(data.SeriesDescription)) for data in results]
        self.assertEqual(len(thumbnails), len(listed), thumbnails)
        for modality, description in listed:
            self.assertTrue(any(modality in text and description in text for text in thumbnails), thumbnails)

    def assert_report_shown(self, view):
        """Each region of the report is outlined in its place over the source, and the numbers can be read."""
        self.assertEqual(view["sopInstanceUid"], uid_of(self.source))
        screen = Screen(view)
        expected = [[screen.place(x, y) for x, y in region] for region in regions(self.report)]
        self.assertEqual(len(view["lines"]), len(expected))
        for region in expected:
            self.assertLess(min(distance(region, line) for line in view["lines"]), 1.5, (region, view["lines"]))
        for meaning, value in numbers(self.report)[:MOST_LABELS]:
            self.assertIn(f"{meaning}: {float(value):.2f}", "\n".join(view["labels"]))


class Ohif(ShownByOhif):
    def test_capture_and_report_of_a_pneumonia_are_shown(self):
        self.assertTrue(self.results_in_archive()["positive"])
        answer = self.show("ohif-pneumonia")
        self.assert_colours_shown(answer["capture"])

    def test_a_report_that_says_why_there_is_no_analysis_is_shown(self):
        answer = self.results_in_archive(PatientAge="062Y", PatientBirthDate=None)
        self.assertEqual(answer["outcome"], "not applicable")
        shown = self.show("ohif-not-applicable", title="Radiograph not analysed")["report"]
        self.assertEqual(shown["outlines"], 0, "nothing looks like a finding")
        for words in ("this is not a negative result", "For research use only", "The patient is 62 years old"):
            self.assertIn(words, shown["text"])


class OhifComprehensive3D(ShownByOhif):
    service_flags = ("--sr-class", "comprehensive3d")

    def reluctant_model(self, **points):
        """The shipped model with other operating points."""
        folder = self.folder / "model"
        shutil.copytree(self.service.model, folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        (folder / "manifest.json").write_text(json.dumps(manifest | points), encoding="utf-8")
        return folder

    def test_capture_and_report_of_an_indeterminate_radiograph_are_shown(self):
        self.service.model = self.reluctant_model(operating_point=0.9999)
        self.assertEqual(self.results_in_archive()["finding"], "INDETERMINATE")
        self.show("ohif-indeterminate")


def distance(region, line):
    """How far a region's point is from the nearest point of a drawn line, at most."""
    return max(min(abs(x - to_x) + abs(y - to_y) for to_x, to_y in line) for x, y in region)


if __name__ == "__main__":
    main()
