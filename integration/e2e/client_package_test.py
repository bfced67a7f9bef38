#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The installed client library, as a program outside the project uses it: configured, built and run against cxr-service."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from processes import BUILD, SOURCE, Service, binary

EXAMPLE = SOURCE / "integration" / "examples" / "cpp"


class ClientPackage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="cxr-package."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.prefix = cls.folder / "prefix"
        cls.run_quietly("cmake", "--install", BUILD, "--component", "development", "--prefix", cls.prefix)
        shutil.copytree(EXAMPLE, cls.folder / "example")  # away from the project's tree
        cls.run_quietly("cmake", "-S", cls.folder / "example", "-B", cls.folder / "build", f"-DCMAKE_PREFIX_PATH={cls.prefix}")
        cls.run_quietly("cmake", "--build", cls.folder / "build")
        cls.service = Service(cls.folder, "--unlike", "off").start()
        cls.addClassCleanup(cls.service.end)
        cls.run_quietly(binary("cxr-demo-radiographs"), "--out", cls.folder / "radiographs", "--phantom")
        cls.radiograph = next((cls.folder / "radiographs").glob("*.dcm"))

    @staticmethod
    def run_quietly(*command):
        run = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise AssertionError(f"{command}:\n{run.stdout}{run.stderr}")

    def analyze_one(self, *arguments):
        return subprocess.run([self.folder / "build" / "analyze-one", *map(str, arguments)], capture_output=True,
                              text=True, check=False, timeout=300)

    def test_the_example_prints_outcome_and_score(self):
        run = self.analyze_one(self.service.address, self.radiograph)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout, r"^OUTCOME_(ANALYSED|ANALYSED_WITH_WARNINGS)\n")
        score = float(run.stdout.split("score: ")[1])
        self.assertTrue(0 <= score <= 1, score)

    def test_the_services_reason_reaches_the_program(self):
        notes = self.folder / "notes.txt"
        notes.write_text("no radiograph", encoding="utf-8")
        run = self.analyze_one(self.service.address, notes)
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("analyze-one: NOT_DICOM: ", run.stderr)

    def test_plaintext_to_another_machine_is_refused(self):
        run = self.analyze_one("192.0.2.1:50051", self.radiograph)
        self.assertEqual(run.returncode, 2)
        self.assertIn("in plaintext", run.stderr)

    def test_the_package_names_nothing_of_the_tree_it_was_built_in(self):
        for path in [*self.prefix.rglob("*.cmake"), *self.prefix.rglob("*.h")]:
            text = path.read_text(encoding="utf-8")
            self.assertNotIn(str(SOURCE), text, path)
            self.assertNotIn(str(BUILD), text, path)

    def test_public_headers_name_public_headers_alone(self):
        installed = {str(path.relative_to(self.prefix / "include" / "cxr-triage")) for path in self.prefix.rglob("*.h")}
        for header in (self.prefix / "include" / "cxr-triage" / "service").rglob("*.h"):
            for line in header.read_text(encoding="utf-8").splitlines():
                if line.startswith('#include "') and not line.startswith('#include "absl/'):
                    self.assertIn(line.split('"')[1], installed, header)


if __name__ == "__main__":
    unittest.main()
