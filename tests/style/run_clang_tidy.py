#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over sources of a configured build, in a bounded time.

Usage: run_clang_tidy.py BUILD_FOLDER
Environment: TIDY          changed (default): what differs from the merge base with the main branch, or on that branch
                           itself from the commit before; all: every source; off: nothing
             TIDY_SECONDS  no further source is begun after so many seconds (default: 600); what was left out is named
             JOBS          processes at a time (default: number of processors)
Exit status: 0 nothing was found, 1 something was, 2 usage.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNITY_MEMBER = re.compile(r'^#include "(.*\.c[a-z]*)"$', re.MULTILINE)
PRECOMPILED_HEADER = re.compile(r"-Winvalid-pch|-fpch-preprocess|-include \S*cmake_pch\.h[a-z]*")
IN_LIBTORCH = re.compile(r"^\S*/include/(?:ATen|c10|torch)/\S+: error: .*\[clang-diagnostic-error\]$", re.MULTILINE)
FINDING = re.compile(r"^\S+:\d+:\d+: (?:warning|error): ", re.MULTILINE)


def git(*arguments):
    """What git says, or None where it refuses (no repository, no such commit)."""
    run = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False)
    return run.stdout.strip() if run.returncode == 0 else None


def base_commit():
    """The commit whose differences are checked, or None when there is none to compare with."""
    head = git("rev-parse", "HEAD")
    for main in ("origin/HEAD", "origin/main", "main"):
        base = git("merge-base", "HEAD", main)
        if base and base != head:
            return base
    return git("rev-parse", "HEAD~")


def changed_files(base):
    """Paths, relative to the root, that differ from base, in commits or in the working tree."""
    named = (git("diff", "--name-only", "--diff-filter=d", base) or "").splitlines()
    return set(named) | set((git("ls-files", "--others", "--exclude-standard") or "").splitlines())


def single_commands(commands, text_of):
    """{source: its compilation} of a compilation database, with each member of a unity file by itself and without
    precompiled headers, so that a file is judged by its own includes. text_of: the text of a file."""
    single = {}
    for command in commands:
        file = command["file"]
        for source in UNITY_MEMBER.findall(text_of(file)) if "/unity_" in file else [file]:
            line = PRECOMPILED_HEADER.sub("", command["command"]).replace(file, source)
            single.setdefault(source, {"directory": command["directory"], "file": source, "command": line})
    return single


def chosen_sources(sources, changed):
    """The sources (relative paths) to check for changed files: those that changed, and the .cpp of a changed header."""
    wanted = changed | {file.removesuffix(".h") + ".cpp" for file in changed if file.endswith(".h")}
    return sorted(wanted & set(sources))


def clang_tidy(source, database, *extra):
    """(what clang-tidy printed, its exit status) for one source."""
    run = subprocess.run(["clang-tidy", "-p", database, "--quiet", "--warnings-as-errors=*",
                          "--extra-arg=-Wno-unknown-warning-option", *extra, ROOT / source],  # gcc has other options
                         capture_output=True, text=True, check=False)
    return run.stdout + (run.stderr if run.returncode and not FINDING.search(run.stdout) else ""), run.returncode


def check(source, database):
    """(source, what clang-tidy printed, whether it found something). clang 14 cannot read LibTorch 1.13's headers as
    C++20: a source that fails in them is read as C++17."""
    output, status = clang_tidy(source, database)
    if status and IN_LIBTORCH.search(output):
        output, status = clang_tidy(source, database, "--extra-arg=-std=c++17", "--extra-arg=-Wno-c++20-extensions")
    return source, output, status


def run_all(sources, database, seconds, jobs):
    """(number checked, sources with findings, sources left out)."""
    deadline, bad, left, done = time.monotonic() + seconds, [], [], 0

    def one(source):
        return check(source, database) if time.monotonic() < deadline else (source, None, None)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for source, output, status in pool.map(one, sources):
            if output is None:
                left.append(source)
                continue
            done += 1
            if status:
                bad.append(source)
                print(output.strip(), flush=True)
    return done, bad, left


def main(arguments):
    mode = os.environ.get("TIDY", "changed")
    if len(arguments) != 1 or mode not in ("changed", "all", "off"):
        print(__doc__, file=sys.stderr)
        return 2
    if mode == "off":
        print("clang-tidy: NOT RUN, because TIDY=off")
        return 0
    build = pathlib.Path(arguments[0]).resolve()
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    single = single_commands(commands, lambda file: pathlib.Path(file).read_text(encoding="utf-8"))
    sources = {os.path.relpath(source, ROOT) for source in single if not source.startswith(f"{build}/")}
    base = base_commit()
    if mode == "all" or base is None:
        chosen, what = sorted(sources), "all sources"
    else:
        chosen, what = chosen_sources(sources, changed_files(base)), f"sources changed since {base[:9]}"
    database = build / "tidy"
    database.mkdir(exist_ok=True)
    (database / "compile_commands.json").write_text(json.dumps(list(single.values()), indent=1), encoding="utf-8")
    done, bad, left = run_all(chosen, database, int(os.environ.get("TIDY_SECONDS", "600")),
                              int(os.environ.get("JOBS", os.cpu_count())))
    print(f"clang-tidy: {done} of {len(chosen)} {what} checked, {len(bad)} with findings")
    if left:
        print(f"clang-tidy: NOT CHECKED, because TIDY_SECONDS were over: {shlex.join(left)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
