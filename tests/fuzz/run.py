#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the fuzzers of a finished build: replays what is known, then goes on from it.

Usage: run.py [--seconds N] [--jobs N] [--keep] BUILD_FOLDER [FUZZER...]     for example: run.py build/fuzz dicom jpeg
  --seconds N  how long each fuzzer goes on after the replay (default: 20)
  --jobs N     fuzzers at a time (default: number of processors)
  --keep       afterwards make tests/fuzz/corpus anew: few and small inputs that together reach what was reached
Exit status: 0 nothing was found, 1 a crash, hang, leak or contradiction (the input's file is named), 2 usage.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
LONGEST_INPUT_BYTES = 1 << 14
LIMITS = ["-timeout=20", "-rss_limit_mb=2048", f"-max_len={LONGEST_INPUT_BYTES}", "-print_final_stats=1"]
# DCMTK asks for as much memory as the length of a value states, up to 4 GiB, and goes on where it gets none. Code of ours
# that asks for so much ends the program.
SANITIZERS = {"ASAN_OPTIONS": "max_allocation_size_mb=64:allocator_may_return_null=1"}


class Fuzzer:
    """One fuzzer and the folders of its inputs."""

    def __init__(self, build, name):
        self.name = name
        self.program = build / "fuzz" / f"fuzz-{name}"
        self.found = build / "fuzz" / "findings"
        self.work = build / "fuzz" / "work" / name
        self.seeds = build / "fuzz" / "seeds" / name
        self.corpus = CORPUS / name
        for folder in (self.found, self.work, self.seeds, self.corpus):
            folder.mkdir(parents=True, exist_ok=True)

    def call(self, *arguments):
        command = [self.program, *LIMITS, f"-artifact_prefix={self.found}/{self.name}-", *arguments]
        run = subprocess.run([str(part) for part in command], capture_output=True, text=True, errors="replace", check=False,
                             env=os.environ | SANITIZERS)
        return run.returncode, run.stderr

    def run(self, seconds):
        """(exit status, what it printed) of the replay and, if that is clean, of what follows it."""
        status, log = self.call("-runs=0", self.corpus, self.seeds)
        if status == 0 and seconds > 0:
            status, log = self.call(f"-max_total_time={seconds}", self.work, self.corpus, self.seeds)
        return status, log

    def keep(self):
        """Makes the corpus anew of what is known: a small set of inputs that reaches every edge that is reached."""
        with tempfile.TemporaryDirectory() as folder:
            status, log = self.call("-set_cover_merge=1", "-use_counters=0", folder, self.corpus, self.seeds, self.work)
            if status == 0:
                shutil.rmtree(self.corpus)
                shutil.copytree(folder, self.corpus)
        return status, log


def figures(log):
    """(executions, coverage in edges) as the log states them last."""
    executions = re.findall(r"stat::number_of_executed_units:\s*(\d+)", log)
    coverage = re.findall(r"\bcov: (\d+)", log)
    return (executions or ["-"])[-1], (coverage or ["-"])[-1]


def report(fuzzer, status, log):
    executions, coverage = figures(log)
    print(f"{fuzzer.name:<14} {executions:>12} {coverage:>9}   {'clean' if status == 0 else 'FOUND'}", flush=True)
    if status != 0:
        print("\n".join(log.splitlines()[-40:]), flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("fuzzers", nargs="*")
    return parser, parser.parse_args()


def main():
    parser, options = parse_arguments()
    build = options.build.resolve()
    known = sorted(path.name.removeprefix("fuzz-") for path in (build / "fuzz").glob("fuzz-*") if path.name != "fuzz-seeds")
    unknown = set(options.fuzzers) - set(known)
    if unknown or not known:
        parser.error(f"no such fuzzer in {build}: {', '.join(sorted(unknown)) or 'there is none at all'}")
    subprocess.run([build / "fuzz" / "fuzz-seeds", build / "fuzz" / "seeds"], check=True)
    fuzzers = [Fuzzer(build, name) for name in options.fuzzers or known]
    print(f"{'fuzzer':<14} {'executions':>12} {'coverage':>9}", flush=True)
    found = False
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = {pool.submit(fuzzer.run, options.seconds): fuzzer for fuzzer in fuzzers}
        for run in concurrent.futures.as_completed(runs):
            report(runs[run], *run.result())
            found = found or run.result()[0] != 0
    if options.keep:
        for fuzzer in fuzzers:
            status, log = fuzzer.keep()
            if status != 0:
                report(fuzzer, status, log)
                found = True
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
