#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps the table of integration/docs/architecture.md as the rules beside this file are.

Usage: architecture_table.py --check ROOT   fails when the page says something else than rules.py
       architecture_table.py --write ROOT   renews the page's columns of folders and libraries; what a folder does stays
Exit status: 0 the page is right (or was written), 1 it is not, 2 usage.
"""
import pathlib
import sys

import rules as project_rules

PAGE = "integration/docs/architecture.md"
HEAD = "| folder | what it does | own folders | libraries |"
NOT_DESCRIBED = "?"


def short(names):
    """What a cell says of these folders or libraries; the folders of the service without its name."""
    return ", ".join(name.removeprefix("service/") for name in names) or "-"


def table_of(page):
    """(lines before the table, its rows, lines after it), or None when the page has no such table."""
    lines = page.splitlines()
    if HEAD not in lines:
        return None
    first = lines.index(HEAD) + 2
    last = next((i for i in range(first, len(lines)) if not lines[i].startswith("|")), len(lines))
    return lines[:first], lines[first:last], lines[last:]


def renewed(page, rules=project_rules):
    """The page with the table that the rules ask for; the folders of tests/ are in the rules alone."""
    before, rows, after = table_of(page)
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    description = {cell[0]: cell[1] for cell in cells}
    rows = [f"| {folder} | {description.get(folder, NOT_DESCRIBED)} | {short(own)} | {short(libraries)} |"
            for folder, (own, libraries) in rules.TABLE.items() if not folder.startswith("tests/")]
    return "\n".join([*before, *rows, *after]) + "\n"


def problems(page, rules=project_rules):
    table = table_of(page)
    if table is None:
        return [f"the page has no table that begins with {HEAD}"]
    found = [f"{row.split('|')[1].strip()}: the page does not say what it does"
             for row in table[1] if row.split("|")[2].strip() in ("", NOT_DESCRIBED)]
    if renewed(page, rules) != page:
        found.append("the table is not that of rules.py: run tests/layering/architecture_table.py --write .")
    return found


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in ("--check", "--write"):
        print(__doc__, file=sys.stderr)
        return 2
    path = pathlib.Path(arguments[1], PAGE)
    page = path.read_text(encoding="utf-8")
    if arguments[0] == "--write" and table_of(page):
        page = renewed(page)
        path.write_text(page, encoding="utf-8")
    found = problems(page)
    print(*(f"{PAGE}: {problem}" for problem in found), f"{len(found)} problems", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
