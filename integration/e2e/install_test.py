#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""cmake --install gives programs that run from where they are put, without any environment."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from processes import BUILD, Process, wait_until

PROGRAMS = ("cxr-service", "cxr-analyze", "cxr-train")


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.prefix = pathlib.Path(tempfile.mkdtemp(prefix="cxr-install."))
        cls.addClassCleanup(shutil.rmtree, cls.prefix, ignore_errors=True)
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix], check=True, stdout=subprocess.DEVNULL)

    def test_every_program_tells_its_version(self):
        for name in PROGRAMS:
            run = subprocess.run([self.prefix / "bin" / name, "--version"], env={}, capture_output=True, text=True,
                                 check=False)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertRegex(run.stdout, rf"^{name} \d+\.\d+\.\d+\n$")

    def test_every_program_from_the_build_tree_tells_its_version(self):
        for name in PROGRAMS:
            run = subprocess.run([BUILD / "bin" / name, "--version"], env={}, capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 0, run.stderr)

    def test_the_installed_service_finds_its_model(self):
        service = Process(self.prefix / "service.log")
        self.addCleanup(service.end)
        service.spawn(str(self.prefix / "bin" / "cxr-service"), "--listen", "127.0.0.1:0", environment={})
        wait_until("the service listens", lambda: not service.alive() or "listening on" in service.text())
        self.assertTrue(service.alive(), service.text())

    def test_the_plugin_is_installed_where_orthanc_looks(self):
        self.assertTrue((self.prefix / "share" / "orthanc" / "plugins" / "libCxrTriage.so").is_file())


if __name__ == "__main__":
    unittest.main()
