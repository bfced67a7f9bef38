# SPDX-License-Identifier: Apache-2.0
"""What the tests of the viewers share: the stack of the end-to-end tests, a browser, and a look at its screenshots."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import numpy
import pydicom
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
from fixture import EndToEnd  # noqa: E402 (its folder is known only now)
from processes import BUILD, SOURCE, Orthanc  # noqa: E402

MODULES = SOURCE / "build" / "viewers" / "node_modules"
OHIF = MODULES / "@ohif" / "app" / "dist"
WEB_VIEWER = pathlib.Path("/usr/share/orthanc/plugins/libOrthancWebViewer.so")
SCREENSHOTS = BUILD / "screenshots"
SKIPPED = 77


def missing():
    """What the tests need and this machine lacks."""
    programs = [name for name in ("node", "chromium") if shutil.which(name) is None]
    files = [path for path in (OHIF / "index.html", MODULES / "playwright-core" / "package.json", WEB_VIEWER)
             if not path.exists()]
    return programs + [str(path) for path in files]


def main():
    """Runs the tests of the calling script; where the viewers are absent, says so and exits as ctest wants it."""
    lacking = missing()
    if lacking:
        print(f"NOT RUN, because these are absent: {', '.join(lacking)}. integration/viewers/install.sh installs them.")
        sys.exit(SKIPPED)
    unittest.main()


class ViewedOrthanc(Orthanc):
    """The archive as viewers want it: full metadata over DICOMweb, WADO-URI, and Orthanc's own web viewer."""

    def configuration(self):
        values = super().configuration()
        values["DicomWeb"] |= {"EnableWado": True, "StudiesMetadata": "Full", "SeriesMetadata": "Full"}
        values["Plugins"].append(str(WEB_VIEWER))
        values["WebViewer"] = {"CachePath": str(self.folder / "web-viewer")}
        return values


class Viewed(EndToEnd):
    """A test that looks at results through a browser."""

    def setUp(self):
        super().setUp()
        self.orthanc = ViewedOrthanc(self.folder, self.service.address)
        self.addCleanup(self.orthanc.end)
        SCREENSHOTS.mkdir(exist_ok=True)

    def results_in_archive(self, **attributes):
        """Starts everything, stores a phantom with these attributes, and waits for its capture and report."""
        self.start()
        self.source = self.radiograph(**attributes)
        self.orthanc.store(self.source)
        answer = self.settle(self.source)[0]
        self.wait_until_idle()
        results = {data.Modality: data for found in self.results_of(self.source).values() for data in found}
        self.capture, self.report = results.get("OT"), results["SR"]
        return answer

    def browse(self, script, **job):
        """Runs a viewer script; returns its answer, which holds no error of the page."""
        job |= {"out": str(SCREENSHOTS), "chromium": shutil.which("chromium"), "modules": str(MODULES)}
        run = subprocess.run(["node", str(HERE / script), json.dumps(job)], stdin=subprocess.DEVNULL, text=True,
                             capture_output=True, check=False, timeout=900,
                             env=os.environ | {"TMPDIR": str(self.folder)})
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        answer = json.loads(run.stdout)
        self.assertEqual((answer["pageErrors"], answer["failedRequests"]), ([], []))
        return answer

    def assert_colours_shown(self, view):
        """The page shows the capture's own colours: vivid in the report's first region, none where it has none."""
        pixels = self.capture.pixel_array.astype(int)
        scale = self.capture.Columns / pydicom.dcmread(self.source, stop_before_pixels=True).Columns
        region = [(x * scale, y * scale) for x, y in regions(self.report)[0]]
        points = grid(self.capture.Columns, self.capture.Rows)
        hot = [point for point in points if contains(region, *point)]
        plain = [point for point in points if chroma(mean_colour(pixels, *point)) < 4]
        self.assertGreater(min(len(hot), len(plain)), 20)
        shown = Screen(view)
        for points in (hot, plain):
            differences = [abs(shown.colour(*point) - mean_colour(pixels, *point)).max() for point in points]
            self.assertLess(numpy.median(differences), 6, "channel by channel")
        self.assertGreater(numpy.median([chroma(shown.colour(*point)) for point in hot]), 30)
        self.assertLess(numpy.median([chroma(shown.colour(*point)) for point in plain]), 10)


class Screen:
    """A screenshot, asked in the coordinates of the image that it shows."""

    def __init__(self, view):
        self.pixels = numpy.asarray(Image.open(view["file"]).convert("RGB")).astype(int)
        origin, right, down = (numpy.array(corner) for corner in view["corners"])
        self.origin, self.x, self.y = origin, (right - origin) / view["columns"], (down - origin) / view["rows"]

    def place(self, x, y):
        """Where the page shows the image's point."""
        return self.origin + x * self.x + y * self.y

    def colour(self, x, y):
        return mean_colour(self.pixels, *self.place(x, y))


def grid(columns, rows, count=48):
    """Points in equal steps, not at the border."""
    return [(columns * (i + 0.5) / count, rows * (j + 0.5) / count) for j in range(count) for i in range(count)]


def mean_colour(pixels, x, y):
    """The colour around a point, averaged so that a viewer's interpolation does not matter."""
    column, row = int(x), int(y)
    return pixels[max(row - 2, 0):row + 3, max(column - 2, 0):column + 3].reshape(-1, 3).mean(axis=0)


def chroma(colour):
    return colour.max() - colour.min()


def contains(polygon, x, y):
    """True where a ray from the point crosses the closed polygon an odd number of times."""
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def items(content, value_type):
    """Every content item of the type below a report or item, with its concept's meaning, in order."""
    for item in content.get("ContentSequence", []):
        if item.ValueType == value_type:
            yield item.ConceptNameCodeSequence[0].CodeMeaning, item
        yield from items(item, value_type)


def regions(report):
    """The report's closed outlines in pixels of the source."""
    outlines = [list(map(float, item.GraphicData)) for _, item in items(report, "SCOORD")]
    return [list(zip(values[::2], values[1::2])) for values in outlines]


def numbers(report):
    """The report's numbers as viewers write them: meaning and digits."""
    return [(meaning, str(item.MeasuredValueSequence[0].NumericValue)) for meaning, item in items(report, "NUM")]
