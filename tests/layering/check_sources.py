#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that no source is compiled twice. Usage: check_sources.py COMPILE_COMMANDS

Exit status: 0 each source is compiled once, 1 some are compiled more often, 2 usage.
"""
import collections
import json
import pathlib
import re
import sys

UNITY_MEMBER = re.compile(r'^#include "(.*\.c[a-z]*)"$', re.MULTILINE)
PRECOMPILED_HEADER = re.compile(r"cmake_pch\.h[a-z]*\.c[a-z]*$")


def compiled_twice(commands, text_of):
    """{source: how often} of what is compiled more than once. text_of: the text of a file, for unity files."""
    times = collections.Counter()
    for command in commands:
        file = command["file"]
        if PRECOMPILED_HEADER.search(file):
            continue
        times.update(UNITY_MEMBER.findall(text_of(file)) if "/unity_" in file else [file])
    return {file: count for file, count in times.items() if count > 1}


def main(arguments):
    if len(arguments) != 1 or not pathlib.Path(arguments[0]).is_file():
        print(__doc__, file=sys.stderr)
        return 2
    commands = json.loads(pathlib.Path(arguments[0]).read_text(encoding="utf-8"))
    found = compiled_twice(commands, lambda file: pathlib.Path(file).read_text(encoding="utf-8"))
    print(*(f"{file}: compiled {count} times" for file, count in found.items()),
          f"{len(commands)} compilations, {len(found)} sources more than once", sep="\n")
    return 1 if found or not commands else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
