#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that no folder includes what the table in rules.py forbids it, and that an SPDX line opens every source file.

Usage: check_layering.py ROOT. Prints one line per violation; exit status 0 none, 1 some, 2 usage.
"""
import pathlib
import re
import sys

import rules

SOURCE_SUFFIXES = {".h", ".cpp"}
LICENSED_SUFFIXES = SOURCE_SUFFIXES | {".proto", ".py", ".sh", ".cmake"}
LICENSED_NAMES = {"CMakeLists.txt", "run"}
SKIPPED_FOLDERS = {"build", ".git", ".cache", "node_modules", "__pycache__"}
INCLUDE = re.compile(r"^\s*#\s*include\s*([<\"])([^>\"]+)[>\"]")
STANDARD = re.compile(r"^[a-z_0-9]+$|^(assert|ctype|errno|float|inttypes|limits|math|signal|stddef|stdint|stdio|stdlib|"
                      r"string|time)\.h$")


def files_below(root):
    """Every file of the project below root, in order."""
    for path in sorted(root.iterdir()):
        if path.is_dir() and path.name not in SKIPPED_FOLDERS:
            yield from files_below(path)
        elif path.is_file():
            yield path


def most_specific(folder, table):
    """The longest key of table that is folder or holds it, or None."""
    holders = [key for key in table if folder == key or folder.startswith(key + "/")]
    return max(holders, key=len, default=None)


def own_folder(include):
    """The layer of ours that a quoted include belongs to, or None when it is not written from the repository root."""
    if include.startswith("cxr/v1/"):
        return "proto"
    return most_specific(include.rpartition("/")[0], rules.TABLE)


def library(include):
    """The library that an include in angle brackets belongs to, '' for standard and system, None when unknown."""
    for name, pattern in rules.LIBRARIES.items():
        if re.match(pattern, include):
            return name
    return "" if STANDARD.match(include) or re.match(rules.SYSTEM, include) else None


def allowed_libraries(layer):
    own, libraries = rules.TABLE[layer]
    allowed = set(libraries) | set(rules.EXCEPTIONS.get(layer, {}))
    if set(own) & set(rules.SPEAKS_ABSEIL):
        allowed.add("abseil")
    if "proto" in own:
        allowed.add("protobuf")  # the generated classes are protobuf's
    if layer not in rules.NO_LOGGING:
        allowed.add("spdlog")
    return allowed


def violation(layer, quote, include):
    """What is wrong with one include of a file in layer, or None."""
    own = own_folder(include) if quote == '"' else None
    if own is not None:
        allowed = {layer, *rules.TABLE[layer][0], *rules.EXCEPTIONS.get(layer, {})}
        return None if own in allowed else f"{layer} may not use {own}"
    name = library(include)
    if quote == '"' and not name:
        return "includes of ours are written from the repository root"
    if name is None:
        return "an include that tests/layering/rules.py does not know"
    return None if name == "" or name in allowed_libraries(layer) else f"{layer} may not use {name}"


def include_violations(root, path):
    relative = path.relative_to(root)
    layer = most_specific(str(relative.parent), rules.TABLE)
    if path.suffix not in SOURCE_SUFFIXES or layer is None:
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        problem = violation(layer, *match.groups()) if match else None
        if problem:
            yield f"{relative}:{number}: {match.group(2)}: {problem}"


def licence_violations(root, path):
    relative = path.relative_to(root)
    if path.suffix not in LICENSED_SUFFIXES and path.name not in LICENSED_NAMES:
        return
    key = most_specific(str(relative.parent), rules.SPDX)
    expected = rules.SPDX.get(key, rules.SPDX_DEFAULT)
    opening = "\n".join(path.read_text(encoding="utf-8").splitlines()[:2])  # a script's first line is its interpreter
    if not re.search(expected, opening):
        yield f"{relative}:1: no line '{expected}'"


def violations(root):
    """(number of files looked at, list of violations) of the project at root."""
    found, count = [], 0
    for path in files_below(root):
        count += 1
        found += include_violations(root, path)
        found += licence_violations(root, path)
    return count, found


def main(arguments):
    if len(arguments) != 1 or not pathlib.Path(arguments[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    count, found = violations(pathlib.Path(arguments[0]))
    print(*found, f"{count} files, {len(found)} violations", sep="\n")
    return 1 if found or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
