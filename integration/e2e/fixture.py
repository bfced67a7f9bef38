# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: radiographs to store, and questions to the archive about what became of them."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import pydicom
from pydicom.uid import generate_uid

from processes import Orthanc, Service, binary, wait_until

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"


def make_phantom(folder):
    """Draws the project's phantom as a DICOM file and returns its path."""
    out = pathlib.Path(folder, "phantom")
    out.mkdir()
    run = subprocess.run([binary("cxr-demo-radiographs"), "--out", str(out), "--phantom"], stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, check=True)
    return pathlib.Path(run.stdout.splitlines()[0].split("\t")[0])


def vary(source, target, **attributes):
    """Writes source with new study, series and instance UIDs and the given attributes (None removes one)."""
    data = pydicom.dcmread(source)
    changes = {"StudyInstanceUID": generate_uid(), "SeriesInstanceUID": generate_uid(),
               "SOPInstanceUID": generate_uid(), **attributes}
    for keyword, value in changes.items():
        if value is not None:
            setattr(data, keyword, value)
        elif keyword in data:
            delattr(data, keyword)
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.get("SOPInstanceUID", generate_uid())
    data.save_as(target)
    return pathlib.Path(target)


def uid_of(path):
    return str(pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID)


def text_of(dataset):
    """Every text, code meaning and number of a data set, for questions such as 'does it say why'."""
    return str(dataset)


class EndToEnd(unittest.TestCase):
    """One folder, one service (not started) and one Orthanc (not started) for each test."""
    service_flags = ()
    unlike = "off"  # the drawn phantom is no radiograph: otherwise it is refused as unlike the training images

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cxr-e2e."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.service = Service(self.folder, "--unlike", self.unlike, *self.service_flags)
        self.addCleanup(self.service.end)
        self.orthanc = Orthanc(self.folder, self.service.address)
        self.addCleanup(self.orthanc.end)
        self.addCleanup(self.print_logs_on_failure)
        self.phantom = make_phantom(self.folder)

    def print_logs_on_failure(self):
        outcome = self._outcome
        problems = outcome.result.failures + outcome.result.errors if hasattr(outcome, "result") else outcome.errors
        if any(problem[0] is self and problem[1] for problem in problems):
            for process in (self.service, self.orthanc):
                print(f"--- {process.log.name}\n{process.text()[-4000:]}", flush=True)

    def start(self):
        self.service.start()
        self.orthanc.start()

    def radiograph(self, name="radiograph", **attributes):
        return vary(self.phantom, self.folder / f"{name}.dcm", **attributes)

    def id_of(self, uid):
        """The archive's identifier of a SOP instance, or None."""
        found = self.orthanc.post("/tools/lookup", uid.encode())
        return next((entry["ID"] for entry in found if entry["Type"] == "Instance"), None)

    def triage(self, uid):
        """What the plugin says about a SOP instance."""
        return self.orthanc.get(f"/cxr-triage/instances/{self.id_of(uid)}")

    def settle(self, *paths):
        """Waits until every file has an outcome; returns what the plugin says about each."""
        answers = []
        for uid in map(uid_of, paths):
            wait_until(f"{uid} is settled", lambda u=uid: self.triage(u)["outcome"] != "pending")
            answers.append(self.triage(uid))
        return answers

    def statistics(self):
        return self.orthanc.get("/statistics")["CountInstances"]

    def wait_until_idle(self):
        """Waits until the plugin has seen every change that the archive logged."""
        last = self.orthanc.get("/changes?last")["Last"]
        wait_until("the plugin is idle", lambda: self.orthanc.get("/cxr-triage/status")["position"] >= last)

    def results_of(self, path):
        """The produced data sets that refer to the file, as {SOP class UID: [data set, ...]}."""
        source = pydicom.dcmread(path, stop_before_pixels=True)
        found = {}
        study = next(entry["ID"] for entry in self.orthanc.post("/tools/lookup", source.StudyInstanceUID.encode())
                     if entry["Type"] == "Study")
        for instance in self.orthanc.get(f"/studies/{study}/instances"):
            data = self.download(instance["ID"])
            if data.SOPInstanceUID != source.SOPInstanceUID and source.SOPInstanceUID in text_of(data):
                found.setdefault(str(data.SOPClassUID), []).append(data)
        return found

    def download(self, instance):
        target = self.folder / f"download-{instance}.dcm"
        target.write_bytes(self.orthanc.request(f"/instances/{instance}/file"))
        return pydicom.dcmread(target)

    def assert_one_capture_and_one_report(self, path):
        results = self.results_of(path)
        counts = {uid: len(found) for uid, found in results.items()}
        self.assertEqual(counts, {SECONDARY_CAPTURE: 1, COMPREHENSIVE_SR: 1})
        return results[SECONDARY_CAPTURE][0], results[COMPREHENSIVE_SR][0]
