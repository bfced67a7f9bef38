#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the plugin brings into the PACS process: four symbols, and no imaging or network library. Usage: ... LIBRARY"""
import re
import subprocess
import sys
import unittest

import rules

LIBRARY = sys.argv.pop()


def lines_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


class PluginBinary(unittest.TestCase):
    def test_it_loads_no_imaging_or_network_library(self):
        loaded = [line.split()[0] for line in lines_of("ldd", LIBRARY)]
        self.assertTrue(any(name.startswith("libgrpc++") for name in loaded), loaded)
        self.assertEqual([name for name in loaded if re.match(rules.FORBIDDEN_IN_PACS, name)], [])

    def test_it_exports_the_four_entry_points_only(self):
        exported = [line.split()[-1] for line in lines_of("nm", "--dynamic", "--defined-only", LIBRARY)]
        self.assertEqual(sorted(exported), rules.PLUGIN_SYMBOLS)


if __name__ == "__main__":
    unittest.main()
