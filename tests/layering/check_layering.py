#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks every file against the table in rules.py, and that an SPDX line opens every source file.

Usage: check_layering.py ROOT          one line per violation: a folder that is not in the table, an include that the
                                       table forbids, a grant nobody uses, files that include each other in a circle,
                                       a source and its header that are too long together
       check_layering.py --used ROOT   what each folder uses now, in the form of the table
Exit status: 0 no violation, 1 some, 2 usage.
"""
import pathlib
import re
import sys

import rules as project_rules

SOURCE_SUFFIXES = {".h", ".hh", ".hpp", ".hxx", ".h++", ".c", ".cc", ".cpp", ".cxx", ".c++", ".cppm", ".ixx", ".ipp",
                   ".inl", ".tcc", ".tpp", ".txx", ".cu", ".cuh"}
LICENSED_SUFFIXES = SOURCE_SUFFIXES | {".proto", ".py", ".sh", ".cmake"}
LICENSED_NAMES = {"CMakeLists.txt", "run"}
SKIPPED_FOLDERS = {"build", ".git", ".cache", "node_modules", "__pycache__"}
DIRECTIVE = re.compile(r"^\s*#\s*(?:include|include_next|import)\b\s*(.*)$")
NOTHING = ([], [])
LONGEST_PAIR = 350  # lines of a source of the product and its header
GENERATED = r"(cxr|grpc/health)/v1/"  # what is made from proto/ while building
TARGET = re.compile(r"([<\"])([^>\"]+)[>\"]")
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


def first_circle(graph):
    """The members of one circle of a graph {node: nodes it points to}, or None."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):]
        if node in done:
            return None
        path.append(node)
        for successor in graph.get(node, ()):
            circle = visit(successor)
            if circle:
                return circle
        path.pop()
        done.add(node)
        return None

    return next(filter(None, map(visit, sorted(graph))), None)


class Rules:
    """What the table says. rules: a module like rules.py."""

    def __init__(self, rules):
        self.table, self.spdx, self.spdx_default = rules.TABLE, rules.SPDX, rules.SPDX_DEFAULT
        self.libraries, self.system = rules.LIBRARIES, rules.SYSTEM
        self.exceptions, self.no_logging, self.speaks_abseil = rules.EXCEPTIONS, rules.NO_LOGGING, rules.SPEAKS_ABSEIL

    def own_folder(self, include, root):
        """The folder of ours that a quoted include names, or None when it is not one written from the root."""
        if re.match(GENERATED, include):
            return "proto"
        folder = include.rpartition("/")[0]
        return folder if ".." not in folder and (folder in self.table or (root / include).is_file()) and folder else None

    def library(self, include):
        """The library an include belongs to, '' for standard and system, None when unknown."""
        for name, (pattern, _) in self.libraries.items():
            if re.match(pattern, include):
                return name
        return "" if STANDARD.match(include) or re.match(self.system, include) else None

    def allowed_folders(self, layer):
        return {layer, *self.table.get(layer, NOTHING)[0], *self.exceptions.get(layer, {})}

    def implied_libraries(self, layer, own):
        """What a folder with these folders of ours may use without a word in its row."""
        implied = set() if layer in self.no_logging else {"spdlog"}
        if set(own) & set(self.speaks_abseil):
            implied.add("abseil")
        if "proto" in own:
            implied.add("protobuf")  # the generated classes are protobuf's
        return implied

    def allowed_libraries(self, layer):
        own, libraries = self.table.get(layer, NOTHING)
        return {*libraries, *self.exceptions.get(layer, {}), *self.implied_libraries(layer, own)}

    def use(self, layer, quote, include, root):
        """(folder or library that an include uses or '', what is wrong with it or None)."""
        own = self.own_folder(include, root) if quote == '"' else None
        if own is not None:
            return own, None if own in self.allowed_folders(layer) else f"{layer} may not use {own}"
        name = self.library(include)
        if quote == '"' and not name:
            return "", "includes of ours are written from the repository root"
        if name is None:
            return "", "an include that tests/layering/rules.py does not know"
        return name, None if name == "" or name in self.allowed_libraries(layer) else f"{layer} may not use {name}"


class Survey:
    """One look at every file of the project at root."""

    def __init__(self, root, rules=project_rules):
        self.root, self.rules = root, Rules(rules)
        self.files, self.found = 0, []
        self.used = {}      # folder -> what its files include: folders of ours and libraries
        self.includes = {}  # file -> the files of ours that it includes
        self.lengths = {}   # file -> its lines
        for path in files_below(root):
            self.files += 1
            self._look_at_includes(path)
            self._look_at_licence(path)
        self._look_at_grants()
        self._look_for_circles()
        self._look_at_lengths()

    def _look_at_includes(self, path):
        relative = path.relative_to(self.root)
        layer = str(relative.parent)
        if path.suffix not in SOURCE_SUFFIXES:
            return
        if layer not in self.rules.table and layer not in self.used:
            self.found.append(f"{relative}:1: {layer} is not in the table of tests/layering/rules.py")
        self.used.setdefault(layer, set())
        lines = path.read_text(encoding="utf-8").splitlines()
        self.lengths[relative] = len(lines)
        for number, line in enumerate(lines, 1):
            directive = DIRECTIVE.match(line)
            if not directive:
                continue
            target = TARGET.match(directive.group(1))
            use, problem = self.rules.use(layer, *target.groups(), self.root) if target else ("", "no name to check")
            self.used[layer].add(use)
            if target and use:
                self.includes.setdefault(str(relative), []).append(target.group(2))
            if problem and layer in self.rules.table:
                self.found.append(f"{relative}:{number}: {target.group(2) if target else line.strip()}: {problem}")

    def _look_at_licence(self, path):
        relative = path.relative_to(self.root)
        if path.suffix not in LICENSED_SUFFIXES and path.name not in LICENSED_NAMES:
            return
        expected = self.rules.spdx.get(most_specific(str(relative.parent), self.rules.spdx), self.rules.spdx_default)
        opening = "\n".join(path.read_text(encoding="utf-8").splitlines()[:2])  # a script's first line: its interpreter
        if not re.search(expected, opening):
            self.found.append(f"{relative}:1: no line '{expected}'")

    def _look_at_grants(self):
        for folder, (own, libraries) in self.rules.table.items():
            if folder not in self.used:
                self.found.append(f"tests/layering/rules.py: {folder}: a row for a folder without C++")
                continue
            unused = [grant for grant in [*own, *libraries] if grant not in self.used[folder]]
            self.found += [f"tests/layering/rules.py: {folder}: {grant} is granted, but not used" for grant in unused]

    def _look_for_circles(self):
        circle = first_circle(self.includes)
        if circle:
            self.found.append(f"{circle[0]}:1: files include each other: {' -> '.join([*circle, circle[0]])}")
        circle = first_circle({folder: own for folder, (own, _) in self.rules.table.items()})
        if circle:
            self.found.append(f"tests/layering/rules.py: folders use each other: {' -> '.join([*circle, circle[0]])}")

    def _look_at_lengths(self):
        lines = {}
        for relative in self.lengths:
            pair = relative if relative.parts[0] == "tests" else relative.with_suffix("")  # tests: each file alone
            lines[pair] = lines.get(pair, 0) + self.lengths[relative]
        self.found += [f"{pair}: {count} lines, more than {LONGEST_PAIR}" for pair, count in lines.items()
                       if count > LONGEST_PAIR]

    def rows(self):
        """The table as it would have to be, as text."""
        for folder, used in self.used.items():
            own = sorted(use for use in used - {folder, ""} if use not in self.rules.libraries)
            implied = self.rules.implied_libraries(folder, own)
            libraries = sorted(use for use in used if use in self.rules.libraries and use not in implied)
            yield f'    "{folder}": ({own}, {libraries}),'.replace("'", '"')


def main(arguments):
    used = arguments[:1] == ["--used"]
    roots = arguments[used:]
    if len(roots) != 1 or not pathlib.Path(roots[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    survey = Survey(pathlib.Path(roots[0]))
    if used:
        print(*survey.rows(), sep="\n")
        return 0
    print(*survey.found, f"{survey.files} files, {len(survey.found)} violations", sep="\n")
    return 1 if survey.found or survey.files == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
