#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A bad day of archive or service loses nothing, stops nothing and leaves nothing wrong."""
import contextlib
import json
import socket
import threading
import unittest

import pydicom

from fixture import EndToEnd, uid_of
from processes import Orthanc, wait_until


class FragileRoad:
    """A road to the service that breaks whenever a call carries the marker: as if the radiograph had ended the service."""

    def __init__(self, port, marker):
        self.target, self.marker, self.breaks = port, marker, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client = self.listener.accept()[0]
                try:
                    service = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    client.close()
                    continue
                threading.Thread(target=self.carry, args=(client, service, True), daemon=True).start()
                threading.Thread(target=self.carry, args=(service, client, False), daemon=True).start()

    def carry(self, source, target, watched):
        tail = b""
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if watched and self.marker in tail + data:
                    self.breaks += 1
                    break
                tail = data[-len(self.marker):]
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self):
        self.listener.close()


class BadDays(EndToEnd):
    def status(self):
        return self.orthanc.get("/cxr-triage/status")

    def with_other_pixels(self, path, name):
        """The same instance with its image turned upside down."""
        data = pydicom.dcmread(path)
        data.PixelData = data.pixel_array[::-1].tobytes()
        target = self.folder / f"{name}.dcm"
        data.save_as(target)
        return target

    def test_a_radiograph_that_ends_the_service_stops_nobody(self):
        self.service.start()
        road = FragileRoad(self.service.port, b"PoisonousRadiograph")
        self.addCleanup(road.close)
        self.orthanc.service_address = f"127.0.0.1:{road.port}"
        self.orthanc.start()
        poison = self.radiograph("poison", StudyDescription="PoisonousRadiograph")
        good = [self.radiograph(f"good{number}") for number in range(6)]
        self.orthanc.store(poison, *good)
        answers = self.settle(poison, *good)
        self.assertEqual(answers[0]["outcome"], "failed")
        self.assertEqual(answers[0]["reasons"][0]["code"], "SERVICE_LOST_WITH_IT")
        self.assertEqual({answer["outcome"] for answer in answers[1:]}, {"analysed"})
        self.assertEqual(road.breaks, 3)

    def test_a_service_that_is_away_costs_no_radiograph_a_loss(self):
        self.orthanc.start()
        path = self.radiograph()
        self.orthanc.store(path)
        wait_until("several calls were refused", lambda: self.status()["service"]["state"] == "unavailable"
                   and (self.status()["service"]["retry_in_seconds"] or 0) > 1)
        self.assertEqual(self.triage(uid_of(path))["losses"], 0)
        self.service.start()
        self.assertEqual(self.settle(path)[0]["outcome"], "analysed")

    def test_an_emptied_change_log_loses_no_radiograph_that_waits(self):
        self.orthanc.start()  # without a service the radiographs wait
        source = pydicom.dcmread(self.phantom)
        source.PixelData = source.pixel_array[::8, ::8].copy().tobytes()  # small, for there are many
        source.Rows, source.Columns = (source.Rows + 7) // 8, (source.Columns + 7) // 8
        small = self.folder / "small.dcm"
        source.save_as(small)
        self.phantom = small
        paths = [self.radiograph(f"r{number}") for number in range(300)]
        self.orthanc.store(*paths)
        wait_until("the queue is full", lambda: self.status()["backlog"] >= 256)
        self.orthanc.request("/changes", method="DELETE")
        late = self.triage(uid_of(paths[-1]))
        self.assertEqual(late["outcome"], "pending", "it is known by the archive alone, and was not stored before the start")
        self.service.start()
        outcomes = {answer["outcome"] for answer in self.settle(*paths)}
        self.assertEqual(outcomes - {"analysed", "analysed with warnings", "not applicable"}, set())
        wait_until("the position is at the end", lambda: self.status()["lag"] == 0)
        counters = self.status()["counters"]
        settled = sum(counters[key] for key in ("analysed", "analysed_with_warnings", "not_applicable"))
        self.assertEqual((settled, counters["failed"], counters["settled_earlier"]), (300, 0, 0), "each once")

    def blocked_folders(self):
        """The folders of Orthanc's storage that are not there yet, which takes one of 256 for each file."""
        storage = self.folder / "storage"
        return [storage / f"{number:02x}" for number in range(256) if not (storage / f"{number:02x}").is_dir()]

    def test_an_archive_that_cannot_write_fails_no_radiograph(self):
        self.orthanc.start()
        path = self.radiograph()
        self.orthanc.store(path)
        wait_until("the radiograph waits", lambda: self.status()["backlog"] == 1)
        blocked = self.blocked_folders()
        for folder in blocked:
            folder.touch()  # a file where Orthanc wants a folder
        self.service.start()
        wait_until("the plugin says that the archive is in trouble",
                   lambda: self.status()["archive"]["state"] == "unavailable")
        wait_until("it tries again", lambda: (self.status()["archive"]["retry_in_seconds"] or 0) > 2)
        answer = self.triage(uid_of(path))
        self.assertEqual((answer["outcome"], answer["attempts"]), ("pending", 0))
        self.assertEqual(self.statistics(), 1, "no half result")
        for folder in blocked:
            folder.unlink()
        self.assertEqual(self.settle(path)[0]["outcome"], "analysed")
        self.assert_one_capture_and_one_report(path)
        self.assertEqual(self.status()["archive"]["state"], "serving")
        self.assertEqual(self.status()["counters"]["failed"], 0)

    def orthanc_with(self, **settings):
        class Configured(Orthanc):
            def configuration(self):
                return {**super().configuration(), **settings}
        self.orthanc = Configured(self.folder, self.service.address)
        self.addCleanup(self.orthanc.end)

    def test_a_report_that_cannot_be_stored_leaves_no_capture_and_no_finding(self):
        script = self.folder / "filter.lua"
        script.write_text("function ReceivedInstanceFilter(dicom, origin, info) return dicom.Modality ~= 'SR' end")
        self.orthanc_with(LuaScripts=[str(script)])
        self.start()
        path = self.radiograph()
        self.orthanc.store(path)
        answer = self.settle(path)[0]
        self.assertEqual(answer["outcome"], "failed")
        self.assertEqual(answer["reasons"][0]["code"], "RESULT_FILTERED_OUT")
        self.assertEqual(self.statistics(), 1)
        entry = self.orthanc.get("/cxr-triage/worklist")[0]
        self.assertEqual((entry["outcome"], entry["finding"], entry["score"]), ("failed", None, None))
        for metadata in (f"/instances/{answer['instance']}/metadata/4200", f"/studies/{answer['study']}/metadata/4201"):
            document = json.loads(self.orthanc.request(metadata))
            self.assertIsNone(document["finding"])

    def test_no_result_lies_beside_another_patient(self):
        self.start()
        paths = [self.radiograph(f"r{number}", PatientID=patient)
                 for number, patient in enumerate(["x" * 70, "a\tb", "plain"])]
        self.orthanc.store(*paths)
        answers = self.settle(*paths)
        self.assertEqual(len(self.orthanc.get("/patients")), 3)
        self.assertEqual(len(self.orthanc.get("/studies")), 3)
        for answer in answers:
            self.assertTrue(answer["outcome"] == "analysed" or answer["reasons"][0]["code"] == "RESULT_IN_OTHER_STUDY", answer)
        self.assertEqual(answers[2]["outcome"], "analysed")

    def test_the_same_instance_with_other_pixels_gets_new_results(self):
        self.start()
        first = self.radiograph("first")
        other = self.with_other_pixels(first, "other")
        self.orthanc.store(first)
        before = self.settle(first)[0]
        old = self.assert_one_capture_and_one_report(first)
        self.orthanc.request(f"/instances/{self.id_of(uid_of(first))}", method="DELETE")
        self.orthanc.store(other)
        after = self.settle(other)[0]
        self.assertNotEqual(before["score"], after["score"])
        new = self.assert_one_capture_and_one_report(other)
        self.assertTrue(old[0].PixelData != new[0].PixelData, "the capture shows the new image")
        self.assert_named_apart(old, new)
        self.assertEqual(self.statistics(), 3)
        self.assertNotEqual(before["source"]["sha256"], after["source"]["sha256"])

    def test_an_instance_overwritten_with_other_pixels_gets_new_results(self):
        self.orthanc_with(OverwriteInstances=True)
        self.start()
        first = self.radiograph("first")
        other = self.with_other_pixels(first, "other")
        self.orthanc.store(first)
        before = self.settle(first)[0]
        old = self.assert_one_capture_and_one_report(first)
        self.orthanc.store(other)
        wait_until("the new content has its outcome",
                   lambda: self.triage(uid_of(other)).get("score") not in (None, before["score"]))
        self.wait_until_idle()
        self.assert_named_apart(old, self.assert_one_capture_and_one_report(other))
        self.assertEqual(self.statistics(), 3)

    def assert_named_apart(self, old, new):
        """One UID never names two contents; what was made of the old content is gone."""
        for before, after in zip(old, new):
            self.assertNotEqual(before.SOPInstanceUID, after.SOPInstanceUID)
            self.assertEqual(before.SeriesInstanceUID, after.SeriesInstanceUID)
            self.assertEqual(self.orthanc.post("/tools/lookup", str(before.SOPInstanceUID).encode()), [])


if __name__ == "__main__":
    unittest.main()
