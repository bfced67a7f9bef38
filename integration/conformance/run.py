#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts sources through the service's own use case and its results before validators that others wrote. 0 errors, and no
warning that known_warnings.py does not explain; a validator that is missing or crashes fails the run.

Parts: matrix   outcome x SR class x source class x spacing x character set, in pairs (--full: every combination)
       sources  1,000 sources with random legal attributes: a result or a named refusal for each, a sample validated
       data     the radiographs in the folder CXR_DATA (default: ../shared/data beside the repository)
Exit status: 0 all is well, 1 something is wrong, 77 nothing but data was asked for and there is none, 2 usage.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import geometry
import known_warnings
import pairwise
import radiographs
import random_radiographs
import validators

ROOT = pathlib.Path(os.environ.get("CXR_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
BINARIES = pathlib.Path(os.environ.get("CXR_BINARY_DIR", ROOT / "build/release"))
DATA = pathlib.Path(os.environ.get("CXR_DATA", ROOT.parent / "shared/data"))
NAMES = {"bacterial": "analysed", "viral": "analysed", "normal": "analysed", "indeterminate": "analysed",
         "warnings": "analysed with warnings", "not applicable": "not applicable"}


class Wrong(Exception):
    """What must not be, in one sentence."""


class Run:
    """Collects what is wrong and prints what happened."""

    def __init__(self, folder, jobs):
        self.folder, self.jobs = folder, jobs
        self.problems, self.warnings = [], []

    def say(self, text):
        print(text, flush=True)

    def analyse(self, work, model=()):
        """Yields (folder, outcome or "refused", finding or reason) for each (source, folder, finding, report class)."""
        lines = "".join("\t".join(map(str, item)) + "\n" for item in work)
        done = subprocess.run([BINARIES / "tests/cxr-conformance-results", *map(str, model)], input=lines, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                              env={"OMP_WAIT_POLICY": "passive", **os.environ})
        answers = [line.split("\t") for line in done.stdout.splitlines()]
        if done.returncode != 0 or len(answers) != len(work):
            where = work[len(answers)][0] if len(answers) < len(work) else "the end"
            raise Wrong(f"exit status {done.returncode} at {where} (kept): {done.stderr[-1000:]}")
        return [(pathlib.Path(folder), outcome, finding) for folder, outcome, finding in answers]

    def judge(self, folders, place):
        """Validators and geometry of the results in folders."""
        begin, errors = time.monotonic(), 0
        for finding in validators.validate(folders, self.jobs):
            if finding.severity == "warning":
                self.warnings.append(finding)
            else:
                errors += 1
                self.problems.append(f"{finding.file}: {finding.validator}: {finding.text}")
        wrong = [problem for folder in folders for problem in geometry.problems(folder, place)]
        self.problems += wrong
        files = sum(len(list(folder.glob("*.dcm"))) - 1 for folder in folders)
        self.say(f"  {files} results of {len(folders)} sources judged in {time.monotonic() - begin:.0f} s: "
                 f"{errors} errors, {len(wrong)} in geometry and numbers")

    def report(self):
        counts, unexpected = known_warnings.split(self.warnings)
        self.problems += [f"unexpected warning: {finding.file}: {finding.validator}: {finding.text}"
                          for finding in unexpected]
        self.say(f"\nWarnings, all of them explained below: {sum(counts.values())}; unexpected: {len(unexpected)}")
        self.say(known_warnings.table(counts))
        for problem in self.problems[:50]:
            self.say(f"WRONG {problem}")
        self.say(f"\n{'FAILED' if self.problems else 'PASSED'}: {len(self.problems)} problems")
        return 1 if self.problems else 0


def prepare(run, part, number):
    """(source file, folder) of a numbered case."""
    folder = run.folder / part / f"{number:04d}"
    folder.mkdir(parents=True)
    return folder / "source.dcm", folder


def matrix(run, arguments):
    choose = pairwise.full if arguments.full else pairwise.pairwise
    cases = choose(radiographs.AXES, radiographs.allowed)
    covered, existing = pairwise.coverage(cases, radiographs.AXES, radiographs.allowed)
    run.say(f"matrix: {len(cases)} combinations hold {covered} of {existing} pairs")
    if covered != existing:
        run.problems.append("the combinations do not hold every pair")
    work = []
    for number, case in enumerate(cases):
        source, folder = prepare(run, "matrix", number)
        radiographs.radiograph(case).save_as(source, write_like_original=False)
        work.append((source, folder, radiographs.OUTCOMES[case["outcome"]][0], case["report"]))
    for case, (folder, outcome, _) in zip(cases, run.analyse(work)):
        if outcome != NAMES[case["outcome"]]:
            run.problems.append(f"{folder}: {case} came out as {outcome}")
    run.judge([folder for _, folder, _, _ in work], place=True)


def sources(run, arguments):
    run.say(f"sources: {arguments.sources} random ones, seed {arguments.seed} (--sources {arguments.sources} "
            f"--seed {arguments.seed})")
    maker, kept, counts = random_radiographs.RandomRadiographs(arguments.seed), [], {}
    step = max(1, arguments.sources // max(1, arguments.sample))
    for first in range(0, arguments.sources, 100):  # not all on the disk at once
        numbers = range(first, min(first + 100, arguments.sources))
        work = [(*prepare(run, "sources", number), "MODEL", ["COMPREHENSIVE", "COMPREHENSIVE_3D"][number % 2])
                for number in numbers]
        for number, item in zip(numbers, work):
            maker.write(number, item[0])
        for number, (folder, outcome, finding) in zip(numbers, run.analyse(work, [model_folder()])):
            counts[outcome, finding] = counts.get((outcome, finding), 0) + 1
            if number // step == len(kept) and outcome != "refused" and len(kept) < arguments.sample:
                kept.append(folder)
            else:
                shutil.rmtree(folder)
    for (outcome, finding), count in sorted(counts.items()):
        run.say(f"  {count:5} {outcome}, {finding}")
    run.judge(kept, place=False)


def model_folder():
    return sorted(path for path in (ROOT / "service/models").iterdir() if path.is_dir())[0]


def data(run, _):
    if not DATA.is_dir():
        run.say(f"data: SKIPPED, no radiographs at {DATA} (set CXR_DATA); the other parts stand in for them")
        return
    made = subprocess.run([BINARIES / "bin/cxr-demo-radiographs", "--out", run.folder / "images", DATA / "dicom",
                           DATA / "fullsize"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    run.say(f"data: {len(made)} radiographs from {DATA}")
    work = []
    for number, line in enumerate(made):
        source, folder = prepare(run, "data", number)
        shutil.move(line.split("\t")[0], source)
        # The real model refuses the adults among them, as it should; a chosen finding would not show it.
        work.append((source, folder, "MODEL", ["COMPREHENSIVE", "COMPREHENSIVE_3D"][number % 2]))
    run.problems += [f"{folder}: refused, {reason}" for folder, outcome, reason in run.analyse(work, [model_folder()])
                     if outcome == "refused"]
    run.judge([folder for _, folder, _, _ in work], place=False)


PARTS = {"matrix": matrix, "sources": sources, "data": data}


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="matrix, sources, data; all when none is named")
    parser.add_argument("--full", action="store_true", help="every combination of the matrix, not only every pair")
    parser.add_argument("--sources", type=int, default=1000, metavar="N", help="random sources (1000)")
    parser.add_argument("--seed", type=int, default=20240102, metavar="S", help="of the random sources (20240102)")
    parser.add_argument("--sample", type=int, default=40, metavar="K", help="random sources to validate (40)")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="write to this new folder and keep it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="validators side by side (processors)")
    parsed = parser.parse_args(arguments)
    unknown = [part for part in parsed.parts if part not in PARTS]
    if unknown:
        parser.error(f"unknown part {unknown[0]}; matrix, sources and data are known")
    return parsed


def main(arguments):
    arguments = parse(arguments)
    parts = arguments.parts or list(PARTS)
    if parts == ["data"] and not DATA.is_dir():
        print(f"SKIPPED: no radiographs at {DATA} (set CXR_DATA)")
        return 77
    folder = arguments.keep or pathlib.Path(tempfile.mkdtemp(prefix="cxr-conformance."))
    run = Run(folder, arguments.jobs)
    try:
        validators.require_all()
        for part in parts:
            PARTS[part](run, arguments)
        status = run.report()
    except (validators.Broken, Wrong) as error:
        print(f"FAILED: {error}")
        status = 1
    if status == 0 and not arguments.keep:
        shutil.rmtree(folder)
    else:
        print(f"The files are in {folder}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
