#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The README's way into an Orthanc that exists, and out of it: Debian's own configuration, and our file beside it."""
import pathlib
import re
import shutil
import unittest

from fixture import EndToEnd
from processes import PLUGIN, SOURCE, Orthanc

DEBIAN = pathlib.Path("/etc/orthanc")
REFERENCE = SOURCE / "integration" / "orthanc" / "cxr-triage.json"


class DebianOrthanc(Orthanc):
    """Orthanc as Debian configures it, but for folders and ports, and with a plugin folder of the test's own."""

    def write_configuration(self):
        path = self.folder / "etc"
        if path.exists():
            return path
        path.mkdir()
        (self.folder / "plugins").mkdir()
        shutil.copy(DEBIAN / "orthanc.json", path)
        text = (path / "orthanc.json").read_text(encoding="utf-8")
        changes = {r'("(?:Storage|Index)Directory"\s*:\s*)"[^"]*"': rf'\1"{self.folder}/storage"',
                   r'("HttpPort"\s*:\s*)\d+': rf"\g<1>{self.http_port}",
                   r'("DicomPort"\s*:\s*)\d+': rf"\g<1>{self.dicom_port}",
                   r'("Plugins"\s*:\s*\[)[^\]]*\]': rf'\1"{self.folder}/plugins/"]'}
        for pattern, replacement in changes.items():
            text, count = re.subn(pattern, replacement, text)
            self.expect(count >= 1, f"Debian's orthanc.json has no {pattern}")
        (path / "orthanc.json").write_text(text, encoding="utf-8")
        return path

    @staticmethod
    def expect(condition, message):
        if not condition:
            raise AssertionError(message)


class Configuration(EndToEnd):
    def setUp(self):
        super().setUp()
        self.orthanc = DebianOrthanc(self.folder, self.service.address)
        self.addCleanup(self.orthanc.end)
        self.etc = self.orthanc.write_configuration()

    def add_plugin(self):
        text = REFERENCE.read_text(encoding="utf-8")
        self.assertIn('"127.0.0.1:50051"', text)
        (self.etc / REFERENCE.name).write_text(text.replace("127.0.0.1:50051", self.service.address), encoding="utf-8")
        shutil.copy(PLUGIN, self.folder / "plugins")

    def remove_plugin(self):
        (self.etc / REFERENCE.name).unlink()
        (self.folder / "plugins" / PLUGIN.name).unlink()

    def test_the_reference_configuration_works_beside_debians_own(self):
        self.add_plugin()
        self.start()
        path = self.radiograph()
        self.orthanc.store(path)
        self.settle(path)
        self.assert_one_capture_and_one_report(path)
        self.assertNotIn("is not a setting", self.orthanc.text())

    def test_the_plugin_can_be_removed_and_its_results_stay(self):
        self.add_plugin()
        self.start()
        path = self.radiograph()
        self.orthanc.store(path)
        self.settle(path)
        self.orthanc.end()
        self.remove_plugin()
        self.orthanc.start()
        self.assertEqual(self.orthanc.status_of("/cxr-triage/status"), 404)
        self.assert_one_capture_and_one_report(path)

    def test_without_its_section_the_plugin_is_idle_and_says_so(self):
        self.add_plugin()
        (self.etc / REFERENCE.name).unlink()
        self.orthanc.start()
        self.assertEqual(self.orthanc.get("/cxr-triage/status")["state"], "idle")


if __name__ == "__main__":
    unittest.main()
