# SPDX-License-Identifier: Apache-2.0
"""The DICOM conformance statement as data: its tables, read from the page."""
import re

from processes import SOURCE

PAGE = SOURCE / "integration" / "docs" / "conformance-statement.md"
CONTENT_SEQUENCE = 0x0040A730


def text():
    return PAGE.read_text(encoding="utf-8")


def section(heading):
    """The text under a heading that ends with `heading`, up to the next one of any level."""
    found = re.search(rf"^#+ (?:[\d.]+ )?{re.escape(heading)}\n(.*?)(?=^#|\Z)", text(), re.MULTILINE | re.DOTALL)
    assert found, f"no section '{heading}' in {PAGE.name}"
    return found[1]


def rows(heading):
    """The body rows of the tables of a section, each a list of cells."""
    lines = [line for line in section(heading).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for index, row in enumerate(cells) if not set("".join(row)) <= set("-")
            and not (index + 1 < len(cells) and set("".join(cells[index + 1])) <= set("-"))]


class Attribute:
    def __init__(self, path, name, vr, presence):
        self.path, self.name, self.vr, self.presence = path, name, vr, presence

    def __repr__(self):
        return f"{'>'.join(f'({tag >> 16:04X},{tag & 0xFFFF:04X})' for tag in self.path)} {self.name}"


def attributes(*headings):
    """{path of tags: Attribute} of the tables of some sections."""
    found = {}
    for heading in headings:
        stack = []
        for cells in rows(heading):
            match = re.fullmatch(r"(>*)\(([0-9A-F]{4}),([0-9A-F]{4})\)", cells[0])
            if not match:
                continue
            depth = len(match[1])
            stack = stack[:depth] + [int(match[2] + match[3], 16)]
            assert len(stack) == depth + 1, f"{cells[0]} {cells[1]} is nested in nothing"
            found[tuple(stack)] = Attribute(tuple(stack), cells[1], cells[2], cells[3])
    return found


def below(path, tag):
    """The path of an element; the content tree counts as one level, for its items are made alike at every depth."""
    return path if path and path[-1] == tag == CONTENT_SEQUENCE else path + (int(tag),)


def items(dataset, path=()):
    """(path, data set) of a data set and of every item in it."""
    yield path, dataset
    for element in dataset:
        if element.VR != "SQ":
            continue
        for item in element.value:
            yield from items(item, below(path, element.tag))
