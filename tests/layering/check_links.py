#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what our CMake targets link against the table in rules.py.

Usage: check_links.py LINK_EDGES   the file that link_edges.cmake wrote while the project was configured
Prints one line per violation; exit status 0 none, 1 some, 2 usage.
"""
import pathlib
import re
import sys

import rules as project_rules
from check_layering import Rules

PRIVATE_LINK = re.compile(r"(?:\$<(?:LINK_ONLY|BUILD_INTERFACE):)+([^<>]*)>+$")


def targets_of(text):
    """{target: (its layer, what it links)} of the lines that link_edges.cmake writes."""
    targets = {}
    for line in text.splitlines():
        name, folders, links = line.split("\t")
        layers = {"proto" if folder == "build" else folder for folder in folders.split()}
        targets[name] = (layers, list(dict.fromkeys(PRIVATE_LINK.sub(r"\1", link) for link in links.split())))
    return targets


def library_of(link, rules):
    names = [name for name, (_, pattern) in rules.LIBRARIES.items() if pattern and re.match(pattern, link)]
    return names[0] if names else None


def violations(targets, rules=project_rules):
    """What the table forbids among the links of targets."""
    checker = Rules(rules)
    for name, (layers, links) in targets.items():
        for layer in sorted(layers - {"proto"}):
            if layer not in rules.TABLE:
                yield f"{name}: {layer} is not in the table of tests/layering/rules.py"
                continue
            for link in links:
                if re.match(rules.LINKED_EVERYWHERE, link):
                    continue
                if link in targets:
                    forbidden = targets[link][0] - checker.allowed_folders(layer)
                    yield from (f"{name}: links {link}: {layer} may not use {folder}" for folder in sorted(forbidden))
                    continue
                library = library_of(link, rules)
                if library is None:
                    yield f"{name}: links {link}, which tests/layering/rules.py does not know"
                elif library not in checker.allowed_libraries(layer):
                    yield f"{name}: links {link}: {layer} may not use {library}"


def main(arguments):
    if len(arguments) != 1 or not pathlib.Path(arguments[0]).is_file():
        print(__doc__, file=sys.stderr)
        return 2
    targets = targets_of(pathlib.Path(arguments[0]).read_text(encoding="utf-8"))
    found = list(violations(targets))
    print(*found, f"{len(targets)} targets, {len(found)} violations", sep="\n")
    return 1 if found or not targets else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
