# SPDX-License-Identifier: Apache-2.0
"""What no validator sees, read with pydicom: regions, probabilities, finding, spacing, the place of the capture."""
import decimal
import json

import numpy
import pydicom
from PIL import Image, ImageDraw

FINDINGS = {"BACTERIA": "53084003", "NORMAL": "17621005", "VIRUS": "75570004"}
INDETERMINATE, SUSPECTED = "82334004", "415684004"
LEAST_OVERLAP = 0.9


def nodes(item):
    """The content items below item, in document order."""
    for child in item.get("ContentSequence", []):
        yield child
        yield from nodes(child)


def named(item, value):
    """The content items below item whose concept has this code value."""
    return [node for node in nodes(item)
            if "ConceptNameCodeSequence" in node and node.ConceptNameCodeSequence[0].CodeValue == value]


def polygons_of(report):
    """The regions of a report, each an array of (column, row)."""
    return [numpy.reshape(node.GraphicData, (-1, 2)) for node in nodes(report) if node.ValueType == "SCOORD"]


def rasterise(polygons, rows, columns):
    """Which pixels have their centre inside any of the polygons; (0, 0) is the corner of the first pixel."""
    mask = numpy.zeros((rows, columns), bool)
    x, y = numpy.arange(columns) + 0.5, numpy.arange(rows)[:, None] + 0.5
    for polygon in polygons:
        inside = numpy.zeros_like(mask)
        for (x1, y1), (x2, y2) in zip(polygon, numpy.roll(polygon, -1, axis=0)):
            if y1 != y2:
                crosses = (y1 > y) != (y2 > y)
                inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
        mask |= inside
    return mask


def weights(cells, centres):
    """Keys's cubic convolution (1981, a = -0.75), border repeated: one row of weights over cells for each centre."""
    matrix = numpy.zeros((len(centres), cells))
    for row, centre in enumerate(centres):
        for cell in range(int(numpy.floor(centre)) - 1, int(numpy.floor(centre)) + 3):
            t = abs(centre - cell)
            near = 1.25 * t ** 3 - 2.25 * t ** 2 + 1
            far = -0.75 * t ** 3 + 3.75 * t ** 2 - 6 * t + 3
            matrix[row, min(max(cell, 0), cells - 1)] += near if t <= 1 else far if t < 2 else 0
    return matrix


def thresholded_map(analysis, rows, columns):
    """Which pixels of the source have an activation of the threshold or more."""
    height, width = analysis["map"]["rows"], analysis["map"]["columns"]
    coarse = numpy.reshape(analysis["map"]["values"], (height, width))
    left, top, box_width, box_height = analysis["box"]
    x, y = numpy.arange(columns) + 0.5 - left, numpy.arange(rows) + 0.5 - top
    field = (weights(height, y / box_height * height - 0.5) @ coarse @ weights(width, x / box_width * width - 0.5).T)
    inside = ((y >= 0) & (y <= box_height))[:, None] & ((x >= 0) & (x <= box_width))
    return inside & (field >= analysis["threshold"])


def without_holes(mask):
    """An outline is the outer one: what lies within a region belongs to it."""
    padded = Image.new("L", (mask.shape[1] + 2, mask.shape[0] + 2))
    padded.paste(Image.fromarray(numpy.where(mask, 255, 0).astype(numpy.uint8)), (1, 1))
    ImageDraw.floodfill(padded, (0, 0), 128)
    return numpy.asarray(padded)[1:-1, 1:-1] != 128


def overlap(a, b):
    """Intersection over union."""
    union = numpy.count_nonzero(a | b)
    return numpy.count_nonzero(a & b) / union if union else 1.0


def check_regions(report, source, analysis):
    regions = polygons_of(report)
    if "finding" not in analysis:
        if regions:
            yield "a radiograph that was not analysed has a region"
        return
    for polygon in regions:
        if polygon.min() < 0 or polygon[:, 0].max() > source.Columns or polygon[:, 1].max() > source.Rows:
            yield f"a region leaves its image of {source.Rows} x {source.Columns}: {polygon.tolist()}"
        if len(polygon) < 4 or (polygon[0] != polygon[-1]).any():
            yield "a region is not closed"
    if not regions:
        yield "a report without region"
    elif analysis["conclusion"] != "negative":
        value = overlap(rasterise(regions, source.Rows, source.Columns),
                        without_holes(thresholded_map(analysis, source.Rows, source.Columns)))
        if value < LEAST_OVERLAP:
            yield f"region and thresholded map overlap by {value:.3f} only"


def numbers_of(report, value):
    return [decimal.Decimal(str(node.MeasuredValueSequence[0].NumericValue)) for node in named(report, value)]


def check_decision(report, analysis):
    """Probabilities, score, operating points and finding as the report states them, and as the analysis has them."""
    shares = {name: numbers_of(report, f"P_{name}") for name in FINDINGS}
    if "finding" not in analysis:
        if any(shares.values()):
            yield "a radiograph that was not analysed has probabilities"
        return
    if any(len(values) != 1 for values in shares.values()):
        yield f"not one probability for each class: {shares}"
        return
    share = {name: values[0] for name, values in shares.items()}
    if sum(share.values()) != 100:
        yield f"the probabilities sum to {sum(share.values())} %"
    score, *points = (numbers_of(report, name)[0] for name in ("SCORE", "OPERATING_POINT", "NEGATIVE_BELOW"))
    if score != share["BACTERIA"] + share["VIRUS"]:
        yield "the score is not the sum of the pneumonia patterns"
    decided, decision = concluded(share, score, *points), (analysis["conclusion"], analysis["finding"])
    if decided != decision:
        yield f"the numbers say {decided}, the decision is {decision}"
    findings = [node for name in ("121071", "121402") for node in named(report, name)
                if node.RelationshipType == "CONTAINS"]
    found = {node.ConceptCodeSequence[0].CodeValue for node in findings}
    if found != {INDETERMINATE if decision[0] == "indeterminate" else FINDINGS[decision[1]]}:
        yield f"the findings are {found}, the decision is {decision}"
    qualifiers = [[child.ConceptCodeSequence[0].CodeValue for child in nodes(node)] for node in findings]
    if any(codes != ([SUSPECTED] if decision[0] == "positive" else []) for codes in qualifiers):
        yield f"the findings are qualified by {qualifiers}, the decision is {decision}"


def concluded(share, score, positive_from, indeterminate_from):
    """Conclusion and finding that follow from numbers in percent."""
    pneumonia = "BACTERIA" if share["BACTERIA"] > share["VIRUS"] else "VIRUS"
    if score >= positive_from:
        return "positive", pneumonia
    negative = score < indeterminate_from and share["NORMAL"] >= share[pneumonia]
    return ("negative", "NORMAL") if negative else ("indeterminate", pneumonia)


def check_spacing(capture, source):
    for keyword in ("PixelSpacing", "ImagerPixelSpacing"):
        if keyword in capture:
            for spacing, of_source, side in zip(capture[keyword].value, source[keyword].value, ("Rows", "Columns")):
                if abs(spacing * capture[side].value / (of_source * source[side].value) - 1) > 1e-3:
                    yield f"{keyword} {spacing} is not that of the source, scaled"
        elif source.get(keyword) and "PixelSpacing" not in capture:
            yield f"{keyword} was lost"


def check_place(capture, source):
    """Of the grey pixels between the captions: they follow the source where they are, better than shifted by 2 %."""
    shown = source.pixel_array.reshape(-1, source.Rows, source.Columns)[0].astype(float)
    drawn = capture.pixel_array.astype(float)
    rows, columns = numpy.mgrid[int(0.2 * capture.Rows):int(0.8 * capture.Rows),
                                int(0.05 * capture.Columns):int(0.85 * capture.Columns)]
    colours = drawn[rows, columns]
    plain = numpy.ptp(colours, axis=2) < 3
    shifts = [numpy.roll(plain, by, axis) for by in (-6, -4, -2, 2, 4, 6) for axis in (0, 1)]
    grey = plain & numpy.logical_and.reduce(shifts)  # neither colour nor the outlines amid it

    def likeness(down, right):
        y = ((rows + 0.5) / capture.Rows + down) * source.Rows
        x = ((columns + 0.5) / capture.Columns + right) * source.Columns
        return numpy.corrcoef(shown[y.astype(int), x.astype(int)][grey], colours[..., 0][grey])[0, 1]

    here = likeness(0, 0)
    around = max(likeness(0.02 * down, 0.02 * right) for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right)
    if abs(capture.Columns / capture.Rows * source.Rows / source.Columns - 1) > 0.01:
        yield "the capture's aspect is not its source's"
    if not here > max(around, 0.9):
        yield f"the capture is not aligned with its source: correlation {here:.3f}, elsewhere {around:.3f}"


def problems(folder, place):
    """What is wrong with the results in folder, in sentences; place: the source's pixels are its display values."""
    source = pydicom.dcmread(folder / "source.dcm")
    report = pydicom.dcmread(folder / "report.dcm")
    analysis = json.loads((folder / "analysis.json").read_text())
    found = [*check_regions(report, source, analysis), *check_decision(report, analysis)]
    if (folder / "capture.dcm").exists() != ("finding" in analysis):
        found.append("a capture belongs to what was analysed, and to nothing else")
    elif "finding" in analysis:
        capture = pydicom.dcmread(folder / "capture.dcm")
        found += [*check_spacing(capture, source), *(check_place(capture, source) if place else ())]
    return [f"{folder}: {problem}" for problem in found]
