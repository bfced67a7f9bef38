# SPDX-License-Identifier: Apache-2.0
"""What the tests of integration/demo.sh share."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from processes import BUILD, SOURCE

DEMO = SOURCE / "integration" / "demo.sh"


def environment(folder):
    """The demo builds the release preset itself; another build (a sanitizer's) is handed to it finished."""
    values = {key: value for key, value in os.environ.items() if key != "CXR_BINARY_DIR"}
    if BUILD.resolve() != (SOURCE / "build" / "release").resolve():
        values["CXR_BINARY_DIR"] = str(BUILD)
    return values | {"TMPDIR": str(folder)}


class DemoCase(unittest.TestCase):
    """A temporary folder for the demo's own, and questions to its output."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cxr-demo-test."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def demo(self, *arguments, cwd=None):
        run = subprocess.run([DEMO, *arguments], cwd=cwd or self.folder, env=environment(self.folder),
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             timeout=800, check=False, start_new_session=True)
        return run.returncode, run.stdout

    def assert_nothing_left(self):
        """No process works in the test's temporary folder, and the demo's own folder is gone."""
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name.startswith("cxr-demo.")], [])
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes()
            except OSError:
                continue
            self.assertNotIn(os.fsencode(self.folder), command)

    def rows(self, output):
        """The rows of the result table, each as its list of cells."""
        return [re.split(r"\s{2,}|\t", line.strip()) for line in output.splitlines() if re.search(r"\s1 SC(, | \+ )1 SR", line)]
