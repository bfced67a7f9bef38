# SPDX-License-Identifier: Apache-2.0
"""Validators that others wrote, and what they say of our files. One that is missing or crashes is never silence."""
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess

import pydicom
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian
from pydicom.valuerep import validate_value

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = {"dciodvfy": "dicom3tools", "dcentvfy": "dicom3tools", "dsrdump": "dcmtk", "dcmpschk": "dcmtk",
            "gdcminfo": "libgdcm-tools", "gdcmdump": "libgdcm-tools", "java": "default-jdk-headless"}
PIXELMED = pathlib.Path("/usr/share/java/pixelmed.jar")
# The rules are one XPath of megabytes; without these it is refused as an attack.
JAVA = ["java", "-Djava.awt.headless=true", "-Xss64m", "-XX:+UseSerialGC", "-Djdk.xml.xpathExprGrpLimit=0",
        "-Djdk.xml.xpathExprOpLimit=0", "-Djdk.xml.xpathTotalOpLimit=0"]


EMPTY = " (and has no legal value where it is present)"


class Broken(Exception):
    """A validator is missing, crashed, or said nothing where it always says something."""


@dataclasses.dataclass(frozen=True)
class Finding:
    validator: str
    severity: str  # "error" or "warning"
    file: str
    text: str


def require_all():
    """Raises Broken naming every validator that is missing, with the Debian package that holds it."""
    missing = [f"{tool} (package {package})" for tool, package in PACKAGES.items() if not shutil.which(tool)]
    if not PIXELMED.exists():
        missing.append(f"{PIXELMED} (package libpixelmed-java)")
    if missing:
        raise Broken(f"missing: {', '.join(missing)}; integration/install-dependencies.sh installs them")


def run(command, statuses, says, **options):
    """(what the command prints, exit status). Broken unless that is one of statuses and the output matches says."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              env={**os.environ, "LC_ALL": "C"}, **options)
    except OSError as error:
        raise Broken(f"{command[0]} (package {PACKAGES.get(command[0])}) cannot be run: {error}") from error
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode not in statuses or not re.search(says, output):
        raise Broken(f"{' '.join(map(str, command))} crashed or said nothing (exit status {done.returncode}):\n"
                     f"{output[-2000:]}")
    return output, done.returncode


def findings_of(validator, file, output, error, warning):
    """The lines of output that match the patterns error and warning."""
    found = []
    for line in output.splitlines():
        severity = "error" if re.match(error, line) else "warning" if re.match(warning, line) else None
        if severity:
            found.append(Finding(validator, severity, str(file), line.strip()))
    return found


def at_least_one(found, validator, file, status):
    """A bad exit status is an error, whatever was printed."""
    if status != 0 and not any(finding.severity == "error" for finding in found):
        found.append(Finding(validator, "error", str(file), f"exit status {status}"))
    return found


def dciodvfy(file):
    """The IOD, attribute by attribute (dicom3tools). It names the IOD it knows the file as."""
    output, status = run(["dciodvfy", "-new", file], {0, 1}, r"(?m)^[A-Z]\w+$|^Error")
    return at_least_one(findings_of("dciodvfy", file, output, "Error", "Warning"), "dciodvfy", file, status)


def readable_header(source):
    """The source, or the header of one that is deflated, which dicom3tools cannot read, beside it."""
    data = pydicom.dcmread(source, stop_before_pixels=True)
    if data.file_meta.TransferSyntaxUID != DeflatedExplicitVRLittleEndian:
        return source
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.save_as(source.with_suffix(".header"))
    return source.with_suffix(".header")


def has_legal_value(data, keyword):
    if not data.get(keyword):
        return False
    try:
        validate_value(data[keyword].VR, str(data[keyword].value), pydicom.config.RAISE)
    except ValueError:
        return False
    return True


def dcentvfy(folder, files):
    """Whether the instances of a study say the same of patient, study, series and equipment (dicom3tools). Where it
    misses an attribute in one of them, a note says whether the others have it without a legal value."""
    readable = [readable_header(file) if file.name == "source.dcm" else file for file in files]
    output, status = run(["dcentvfy", *readable], {0, 1}, "")
    found = findings_of("dcentvfy", folder, output, "Error|.* Error - ", "Warning")
    headers = [pydicom.dcmread(file, stop_before_pixels=True) for file in files] if "not the other" in output else []
    for number, finding in enumerate(found):
        missing = re.search(r"present in one instance but not the other - Element=<(\w+)>", finding.text)
        if missing and not any(has_legal_value(header, missing[1]) for header in headers):
            found[number] = dataclasses.replace(finding, text=finding.text + EMPTY)
    return at_least_one(found, "dcentvfy", folder, status)


def dsrdump(file):
    """Whether DCMTK reads the report's tree."""
    output, status = run(["dsrdump", file], {0, 1}, r"Imaging Measurement Report|Radiograph not analysed|^[EF]:")
    return at_least_one(findings_of("dsrdump", file, output, "[EF]:", "W:"), "dsrdump", file, status)


def dcmpschk(file):
    """DCMTK's checker of presentation states. It says "Test passed" or "Test failed" in either case; an error is a block
    of lines. It scans text byte by byte, so what it says of a value that is not ASCII is a warning."""
    output, _ = run(["dcmpschk", file], {0, 1}, "Test (passed|failed)")
    found = []
    for block in re.split("(?m)^E: Error: ", output)[1:]:
        value = re.search(r"Attribute value +: \[(.*)\]", block)
        severity = "warning" if value and not value[1].isascii() else "error"
        found.append(Finding("dcmpschk", severity, str(file), " ".join(block.replace("E:", " ").split())))
    # An empty attribute of type 2 is legal; it fails the file for it and calls it a warning.
    for empty in re.findall("(?m)^W: (.* absent or empty in presentation state)", output):
        found.append(Finding("dcmpschk", "warning", str(file), empty))
    if "Test failed" in output and not found:
        found.append(Finding("dcmpschk", "error", str(file), "Test failed"))
    return found


def gdcminfo(file):
    """Whether GDCM reads the file, and its pixels where it has some. Of a SOP class that is newer than GDCM's table it
    says no more than that; then gdcmdump shows whether it can be read."""
    output, status = run(["gdcminfo", "-W", "-E", file], {0, 1}, "MediaStorage is|Unknown MediaStorage|Error")
    found = findings_of("gdcminfo", file, output, ".*Error", "Warning|Unknown MediaStorage|Does not know what")
    if "Unknown MediaStorage" in output:
        output, status = run(["gdcmdump", file], {0, 1}, "")
        found += findings_of("gdcminfo", file, output, ".*Error", "Warning")
    return at_least_one(found, "gdcminfo", file, status)


# A further form is one line.
OF_FORM = {
    "capture.dcm": [dciodvfy, gdcminfo],
    "report.dcm": [dciodvfy, gdcminfo, dsrdump],
    "presentation.dcm": [dciodvfy, gdcminfo, dcmpschk],
    "map.dcm": [dciodvfy, gdcminfo],
}


def pixelmed(reports, threads):
    """TID 1500 and all that it includes (PixelMed's SR validator), every report in one Java virtual machine."""
    if not reports:
        return []
    command = [*JAVA, "-cp", str(PIXELMED), str(HERE / "ValidateReports.java"), str(threads)]
    output, _ = run(command, {0}, f"(?m)^DONE {len(reports)}$", input="\n".join(map(str, reports)).encode())
    found, blocks = [], re.split("(?m)^FILE ", output)[1:]
    for block in blocks:
        file, _, text = block.partition("\n")
        if "IOD validation complete" not in text:
            found.append(Finding("PixelMed", "error", file, "the validation was not completed: " + text.strip()[:500]))
        found += findings_of("PixelMed", file, text, "Error", "Warning")
    if len(blocks) != len(reports):
        raise Broken(f"PixelMed's validator judged {len(blocks)} of {len(reports)} reports")
    return found


def validate(folders, threads):
    """Every finding about the results in folders, each of which holds source.dcm and what was made of it."""
    files = [file for folder in folders for file in sorted(folder.glob("*.dcm")) if file.name != "source.dcm"]
    with concurrent.futures.ThreadPoolExecutor(threads + 1) as pool:
        tasks = [pool.submit(pixelmed, [file for file in files if file.name == "report.dcm"], threads)]
        tasks += [pool.submit(check, file) for file in files for check in OF_FORM[file.name]]
        tasks += [pool.submit(dcentvfy, folder, sorted(folder.glob("*.dcm"))) for folder in folders]
        return [finding for task in tasks for finding in task.result()]
