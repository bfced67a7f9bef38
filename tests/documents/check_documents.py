#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the Markdown documents of the project.

Every relative link leads to a file or folder that is there, and every #anchor to a heading of its page. Every `path` of the
source tree is there too, with its suffix or without; decisions and the changelog may name what was. No line is longer
than 140 columns, but for rows of tables and lines that hold one word (an address) too long for it. The model card beside a
shipped model is written by cxr-train and is checked for its links alone.

Usage: check_documents.py ROOT. Prints one line per problem; exit status 0 none, 1 some, 2 usage.
"""
import pathlib
import re
import sys
import urllib.parse

COLUMNS = 140
SKIPPED_FOLDERS = {"build", ".git", ".cache", "node_modules"}
FENCE = re.compile(r"^\s*(```|~~~)")
CODE = re.compile(r"`[^`]*`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|^\s*\[[^\]]+\]:\s*(\S+)")
SOURCE_PATH = re.compile(r"`((?:integration|plugin|proto|service|tests|trainer)/[\w./-]*\w/?)`")
FOREIGN = re.compile(r"[a-z][a-z0-9+.-]*:|//")


def documents(root):
    for path in sorted(root.rglob("*.md")):
        if not SKIPPED_FOLDERS & set(path.relative_to(root).parts):
            yield path


def prose(text):
    """(number, line, whether it stands in a block of code) of each line."""
    code = False
    for number, line in enumerate(text.splitlines(), 1):
        fence = bool(FENCE.match(line))
        yield number, line, code or fence
        code ^= fence


def anchor(heading):
    """The anchor that GitHub gives a heading."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def anchors(text):
    return {anchor(line.lstrip("#")) for _, line, code in prose(text) if not code and re.match(r"#+ ", line)}


def broken(link, path, root):
    """Why a link of the page at path leads nowhere, or None."""
    if FOREIGN.match(link):
        return None
    name, _, fragment = urllib.parse.unquote(link).partition("#")
    target = (path.parent / name).resolve() if name else path.resolve()
    if not target.is_relative_to(root.resolve()):
        return "leads out of the repository"
    if not target.exists():
        return "leads to nothing"
    if fragment and target.suffix == ".md" and fragment not in anchors(target.read_text(encoding="utf-8")):
        return "leads to no heading of its page"
    return None


def missing_paths(line, root):
    """The paths of the source tree that a line names and that are not there."""
    return [name for name in SOURCE_PATH.findall(line)
            if not (root / name).exists() and not list((root / name).parent.glob(f"{(root / name).name}.*"))]


def problems(path, root):
    written_by_program = path.name == "MODEL_CARD.md"
    about_the_past = path.name == "CHANGELOG.md" or path.parent.name == "adr"
    for number, line, code in prose(path.read_text(encoding="utf-8")):
        table = line.lstrip().startswith("|")
        if len(line) > COLUMNS and not table and len(line.split()) > 1 and not written_by_program:
            yield f"{path.relative_to(root)}:{number}: {len(line)} columns, more than {COLUMNS}"
        for name in [] if code or about_the_past else missing_paths(line, root):
            yield f"{path.relative_to(root)}:{number}: {name} is not there"
        for match in [] if code else LINK.finditer(CODE.sub("", line)):
            link = match.group(1) or match.group(2)
            reason = broken(link, path, root)
            if reason:
                yield f"{path.relative_to(root)}:{number}: {link} {reason}"


def main(arguments):
    if len(arguments) != 1 or not pathlib.Path(arguments[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(arguments[0])
    pages = list(documents(root))
    found = [problem for page in pages for problem in problems(page, root)]
    print(*found, f"{len(pages)} documents, {len(found)} problems", sep="\n")
    return 1 if found or not pages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
