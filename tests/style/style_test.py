#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Proves what run_clang_tidy.py makes of compilation databases and of changes, and that check_format.sh can fail."""
import pathlib
import subprocess
import tempfile
import unittest

import run_clang_tidy

FOLDER = pathlib.Path(__file__).parent


class Tidy(unittest.TestCase):
    def test_members_of_unity_files_are_checked_one_by_one_with_their_own_includes(self):
        commands = [{"directory": "/b", "file": "/b/unity_0.cxx",
                     "command": "c++ -I/r -Winvalid-pch -include /b/cmake_pch.hxx -o u.o -c /b/unity_0.cxx"}]
        single = run_clang_tidy.single_commands(commands, lambda _: '#include "/r/x.cpp"\n#include "/r/y.cpp"\n')
        self.assertEqual(sorted(single), ["/r/x.cpp", "/r/y.cpp"])
        self.assertEqual(single["/r/y.cpp"]["command"].split(), "c++ -I/r -o u.o -c /r/y.cpp".split())

    def test_other_sources_are_checked_as_they_are_compiled(self):
        command = {"directory": "/b", "file": "/r/x.cpp", "command": "c++ -O2 -c /r/x.cpp"}
        self.assertEqual(run_clang_tidy.single_commands([command], lambda _: ""), {"/r/x.cpp": command})

    def test_a_changed_header_has_its_own_source_checked(self):
        sources = {"a/x.cpp", "a/y.cpp", "a/z.cpp"}
        changed = {"a/x.h", "a/y.cpp", "a/only.h", "README.md", "a/removed.cpp"}
        self.assertEqual(run_clang_tidy.chosen_sources(sources, changed), ["a/x.cpp", "a/y.cpp"])

    def test_what_is_not_begun_in_time_is_named(self):
        self.assertEqual(run_clang_tidy.run_all(["a/x.cpp"], "/no/such/folder", seconds=0, jobs=1), (0, [], ["a/x.cpp"]))


class Format(unittest.TestCase):
    def status_of(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".cpp", dir=FOLDER) as file:
            file.write(text)
            file.flush()
            return subprocess.run([FOLDER / "check_format.sh", file.name], capture_output=True, check=False).returncode

    def test_a_file_that_is_not_formatted_is_found(self):
        self.assertNotEqual(self.status_of("int  Twice( int x ) { return 2*x; }\n"), 0)
        self.assertEqual(self.status_of("int Twice(int x) {\n  return 2 * x;\n}\n"), 0)


if __name__ == "__main__":
    unittest.main()
