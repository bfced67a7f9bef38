#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A radiograph comes in by C-STORE, its results appear beside it; everything else is left alone."""
import subprocess
import unittest

from fixture import CT_IMAGE, EndToEnd, uid_of
from processes import Orthanc

OUTCOME_METADATA = "4200"


class Archive(EndToEnd):
    def test_a_stored_radiograph_gets_one_capture_and_one_report_in_its_study(self):
        self.start()
        path = self.radiograph()
        self.orthanc.store(path)
        self.settle(path)
        source_study = self.download(self.id_of(uid_of(path))).StudyInstanceUID
        for data in self.assert_one_capture_and_one_report(path):
            self.assertEqual(data.StudyInstanceUID, source_study)
            self.assertNotEqual(data.SeriesInstanceUID, self.download(self.id_of(uid_of(path))).SeriesInstanceUID)
        self.assertEqual(self.statistics(), 3)

    def test_results_are_found_by_findscu(self):
        self.start()
        path = self.radiograph()
        self.orthanc.store(path)
        self.settle(path)
        study = str(self.download(self.id_of(uid_of(path))).StudyInstanceUID)
        answer = subprocess.run(
            ["findscu", "-S", "-k", "QueryRetrieveLevel=SERIES", "-k", f"StudyInstanceUID={study}", "-k", "Modality",
             "127.0.0.1", str(self.orthanc.dicom_port)], capture_output=True, text=True, check=True)
        lines = (answer.stdout + answer.stderr).splitlines()
        found = sorted(line.split("[")[1].split("]")[0].strip() for line in lines if "(0008,0060)" in line and "[" in line)
        self.assertEqual([modality for modality in found if modality in ("OT", "SR")], ["OT", "SR"])

    def test_the_same_file_twice_gives_no_second_result(self):
        self.start()
        path = self.radiograph()
        self.orthanc.store(path)
        self.settle(path)
        self.orthanc.store(path)
        self.wait_until_idle()
        self.assert_one_capture_and_one_report(path)
        self.assertEqual(self.statistics(), 3)

    def test_a_file_deleted_and_sent_again_finds_its_results_stored(self):
        self.start()
        path = self.radiograph()
        self.orthanc.store(path)
        self.settle(path)
        self.orthanc.request(f"/instances/{self.id_of(uid_of(path))}", method="DELETE")
        self.orthanc.store(path)
        self.settle(path)
        self.assert_one_capture_and_one_report(path)
        self.assertEqual(self.statistics(), 3)

    def test_a_ct_slice_leaves_no_trace_and_the_route_says_why(self):
        self.start()
        slice_path = self.radiograph("ct", SOPClassUID=CT_IMAGE, Modality="CT")
        after = self.radiograph("after")
        self.orthanc.store(slice_path)
        self.orthanc.store(after)
        self.settle(after)  # the slice came first, so it has been decided on
        self.assertEqual(self.statistics(), 4)
        answer = self.triage(uid_of(slice_path))
        self.assertEqual(answer["outcome"], "not sent")
        self.assertIn("CT", str(answer))
        metadata = self.orthanc.get(f"/instances/{self.id_of(uid_of(slice_path))}/metadata?expand")
        analysed = self.orthanc.get(f"/instances/{self.id_of(uid_of(after))}/metadata?expand")
        self.assertNotIn(OUTCOME_METADATA, metadata)
        self.assertIn(OUTCOME_METADATA, analysed)

    def test_own_results_are_never_analysed(self):
        self.start()
        path = self.radiograph()
        self.orthanc.store(path)
        self.settle(path)
        capture, report = self.assert_one_capture_and_one_report(path)
        for data in (capture, report):  # they come back from another archive, so their origin is not the plugin
            copy = self.folder / f"{data.Modality}.dcm"
            data.save_as(copy)
            self.orthanc.request(f"/instances/{self.id_of(uid_of(copy))}", method="DELETE")
            self.orthanc.store(copy)
        self.wait_until_idle()
        self.assertEqual(self.statistics(), 3)

    def test_a_first_start_leaves_the_existing_archive_alone(self):
        self.service.start()
        before = Orthanc(self.folder, self.service.address, plugin=False)
        self.addCleanup(before.end)
        old, new = self.radiograph("old"), self.radiograph("new")
        before.start().store(old)
        before.end()
        self.orthanc.start()
        self.orthanc.store(new)
        self.settle(new)
        self.wait_until_idle()
        self.assertEqual(self.results_of(old), {})
        self.assertEqual(self.statistics(), 4)

    def test_the_worklist_is_sorted_by_urgency(self):
        self.start()
        paths = [self.radiograph(f"r{number}", PixelData=self.pixels(number)) for number in range(4)]
        self.orthanc.store(*paths)
        answers = self.settle(*paths)
        worklist = self.orthanc.get("/cxr-triage/worklist")
        scores = [study["score"] for study in worklist]
        self.assertEqual(len(scores), 4)
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertGreater(len(set(scores)), 1, "the images differ, so their scores do")
        self.assertEqual(sorted(scores), sorted(answer["score"] for answer in answers))

    def pixels(self, number):
        """The phantom's pixels, shifted by some rows: another image of the same size."""
        import pydicom
        data = pydicom.dcmread(self.phantom)
        shift = number * (data.Rows // 8) * data.Columns * (data.BitsAllocated // 8)
        return data.PixelData[shift:] + data.PixelData[:shift]

    def test_the_status_names_service_model_and_position(self):
        self.start()
        status = self.orthanc.get("/cxr-triage/status")
        for key in ("position", "lag", "backlog", "service", "model"):
            self.assertIn(key, status)


if __name__ == "__main__":
    unittest.main()
