#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Mixed load for hours, good and hostile, through the real Orthanc, plugin and service; memory, file descriptors, threads and
latency as a table and a plot.

Usage: soak.py [--minutes N] [--rate R] [--seed S] [--out FOLDER]
  --minutes N   how long the load goes on (default: 120)
  --rate R      requests per second that are aimed at (default: 4)
  --seed S      of the choices made (default: 1)
  --out FOLDER  soak.csv, latency.csv and soak.png (default: build/soak)
Of a hundred requests 60 are radiographs (the shipped ones and a drawn one, as new instances of new studies), 10 the same instance
again, 20 hostile (bytes flipped, cut off, other modalities, no pixels, no UIDs, sent to Orthanc, and to the service alone), 10 ask the
plugin's routes. Studies beyond the newest 200 are deleted, so that the archive does not grow. Needs a build (CXR_BINARY_DIR) and
python3-matplotlib.
Exit status: 0 everything settled, nothing ended, no process grew; 1 otherwise, and what; 2 usage.
"""
import argparse
import collections
import csv
import io
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error

import pydicom
from pydicom.uid import generate_uid

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "integration" / "e2e"))
from processes import Orthanc, Service, binary, wait_until  # noqa: E402  (the folder of the end-to-end tests is no package)

KEPT_STUDIES = 200
SAMPLE_EVERY_S = 5
GROWTH = 1.1  # of the median resident memory in the last quarter, against that in the second


def radiographs(folder):
    """The files that good requests are made of."""
    shipped = sorted((ROOT / "integration" / "demo-radiographs").glob("*.jpeg"))
    run = subprocess.run([binary("cxr-demo-radiographs"), "--out", str(folder), "--phantom", *map(str, shipped)],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    return [pathlib.Path(line.split("\t")[0]) for line in run.stdout.splitlines()]


def as_bytes(data):
    file = io.BytesIO()
    data.save_as(file)
    return file.getvalue()


def renewed(data, **attributes):
    """The data set as a new instance of a new study."""
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        setattr(data, keyword, generate_uid())
    for keyword, value in attributes.items():
        setattr(data, keyword, value)
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    return data


class Hostile:
    """Makes hostile bytes of good ones."""

    def __init__(self, choice):
        self.choice = choice

    def make(self, data):
        return self.choice.choice([self.flipped, self.cut, self.other_modality, self.without_pixels, self.noise])(data)

    def flipped(self, data):
        content = bytearray(as_bytes(data))
        for _ in range(self.choice.randrange(1, 40)):
            content[self.choice.randrange(132, len(content))] ^= 1 << self.choice.randrange(8)
        return bytes(content)

    def cut(self, data):
        content = as_bytes(data)
        return content[:self.choice.randrange(200, len(content))]

    def other_modality(self, data):
        return as_bytes(renewed(data, Modality=self.choice.choice(["CT", "MG", "US", ""]), PatientAge="040Y"))

    def without_pixels(self, data):
        del data.PixelData
        return as_bytes(data)

    def noise(self, _data):
        return self.choice.randbytes(self.choice.randrange(1, 5000))


class Load:
    """One thread's worth of requests, and what became of them."""

    def __init__(self, orthanc, service, files, options):
        self.orthanc, self.service, self.files = orthanc, service, files
        self.choice = random.Random(options.seed)
        self.hostile = Hostile(self.choice)
        self.studies = collections.deque()
        self.waiting = {}  # instance -> when it was stored
        self.latencies = []
        self.outcomes = collections.Counter()
        self.requests = collections.Counter()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cxr-soak."))

    def pick(self):
        return pydicom.dcmread(self.choice.choice(self.files))

    def store(self, content):
        try:
            return self.orthanc.post("/instances", content)
        except urllib.error.HTTPError:
            return {}  # Orthanc refuses what is no DICOM

    def send_good(self):
        answer = self.store(as_bytes(renewed(self.pick(), PatientAge="003Y")))
        self.studies.append(answer["ParentStudy"])
        self.waiting[answer["ID"]] = time.monotonic()

    def send_again(self):
        if self.waiting:
            instance = self.choice.choice(list(self.waiting))
            self.store(self.orthanc.request(f"/instances/{instance}/file"))

    def send_hostile(self):
        content = self.hostile.make(renewed(self.pick()))
        if self.choice.random() < 0.5:
            answer = self.store(content)
            if "ParentStudy" in answer:
                self.studies.append(answer["ParentStudy"])
            return
        path = self.folder / "hostile.dcm"
        path.write_bytes(content)
        subprocess.run([binary("cxr-analyze"), "--server", self.service.address, "--json", str(path)], check=False,
                       stdin=subprocess.DEVNULL, capture_output=True)

    def ask(self):
        for route in ("/cxr-triage/worklist", "/cxr-triage/status"):
            self.orthanc.request(route)

    def look(self):
        """Takes note of what has settled since the last look."""
        for instance, stored in list(self.waiting.items()):
            try:
                outcome = self.orthanc.get(f"/cxr-triage/instances/{instance}")["outcome"]
            except urllib.error.HTTPError:
                outcome = "deleted"
            if outcome == "pending":
                continue
            self.outcomes[outcome] += 1
            self.latencies.append((stored, time.monotonic() - stored))
            del self.waiting[instance]

    def forget_old(self):
        while len(self.studies) > KEPT_STUDIES:
            try:
                self.orthanc.request(f"/studies/{self.studies.popleft()}", method="DELETE")
            except urllib.error.HTTPError:
                pass  # gone already

    def step(self):
        kind, act = self.choice.choices([("good", self.send_good), ("again", self.send_again),
                                         ("hostile", self.send_hostile), ("ask", self.ask)], [60, 10, 20, 10])[0]
        self.requests[kind] += 1
        act()
        self.look()
        self.forget_old()


def measure(process):
    """(resident MiB, file descriptors, threads) of a process."""
    proc = pathlib.Path("/proc") / str(process.child.pid)
    status = dict(line.split(":\t", 1) for line in (proc / "status").read_text(encoding="utf-8").splitlines() if ":\t" in line)
    return int(status["VmRSS"].split()[0]) / 1024, len(list((proc / "fd").iterdir())), int(status["Threads"])


class Sampler(threading.Thread):
    """Measures the processes every few seconds until it is stopped."""

    def __init__(self, processes):
        super().__init__(daemon=True)
        self.processes, self.rows, self.over, self.began = processes, [], threading.Event(), time.monotonic()

    def run(self):
        while not self.over.wait(SAMPLE_EVERY_S):
            try:
                values = [value for process in self.processes for value in measure(process)]
            except (OSError, KeyError):
                continue  # it ended; the load finds out
            self.rows.append([time.monotonic() - self.began, *values])


COLUMNS = ["seconds", *(f"{name}_{what}" for name in ("service", "orthanc") for what in ("mib", "fds", "threads"))]


def write_tables(folder, sampler, load):
    with open(folder / "soak.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *sampler.rows])
    with open(folder / "latency.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["seconds", "latency_s"], *((at - sampler.began, took) for at, took in load.latencies)])


def draw(folder, sampler, load):
    import matplotlib  # pylint: disable=import-outside-toplevel  (checked before the load begins)
    matplotlib.use("Agg")
    from matplotlib import pyplot  # pylint: disable=import-outside-toplevel
    figure, axes = pyplot.subplots(4, 1, figsize=(10, 11), sharex=True)
    minutes = [row[0] / 60 for row in sampler.rows]
    for axis, what, label in zip(axes, ("mib", "fds", "threads"), ("resident memory, MiB", "file descriptors", "threads")):
        for name in ("service", "orthanc"):
            axis.plot(minutes, [row[COLUMNS.index(f"{name}_{what}")] for row in sampler.rows], label=name)
        axis.set_ylabel(label)
        axis.set_ylim(bottom=0)
        axis.legend(loc="lower right")
    axes[3].plot([(at - sampler.began) / 60 for at, _ in load.latencies], [took for _, took in load.latencies], ".", markersize=2)
    axes[3].set_ylabel("stored to settled, s")
    axes[3].set_xlabel("minutes")
    axes[3].set_ylim(bottom=0)
    figure.suptitle("cxr-triage under mixed load")
    figure.tight_layout()
    figure.savefig(folder / "soak.png", dpi=110)


def growth(sampler):
    """{process: median memory of the last quarter over that of the second}."""
    count = len(sampler.rows)
    result = {}
    for name in ("service", "orthanc"):
        memory = [row[COLUMNS.index(f"{name}_mib")] for row in sampler.rows]
        if count >= 8:
            result[name] = statistics.median(memory[-count // 4:]) / statistics.median(memory[count // 4:count // 2])
    return result


def drive(load, options):
    end = time.monotonic() + 60 * options.minutes
    shown = 0
    while time.monotonic() < end:
        began = time.monotonic()
        load.step()
        if began - shown > 10:
            shown = began
            print(f"\r{(end - began) / 60:6.1f} min left, {sum(load.requests.values())} requests, {len(load.waiting)} waiting  ",
                  end="", file=sys.stderr, flush=True)
        time.sleep(max(0.0, 1 / options.rate - (time.monotonic() - began)))  # the pace of the load
    wait_until("every radiograph is settled", lambda: load.look() or not load.waiting)
    print(file=sys.stderr)


def verdict(load, sampler, ended):
    problems = [f"{name} ended during the load" for name, alive in ended.items() if not alive]
    problems += [f"{load.outcomes['failed']} good radiographs failed"] if load.outcomes["failed"] else []
    problems += [f"the memory of {name} grew to {ratio:.2f} times" for name, ratio in growth(sampler).items() if ratio > GROWTH]
    took = sorted(latency for _, latency in load.latencies)
    print(f"requests {dict(load.requests)}, outcomes of good radiographs {dict(load.outcomes)}")
    if took:
        print(f"stored to settled: median {statistics.median(took):.2f} s, 99 % {took[int(len(took) * 0.99)]:.2f} s, "
              f"longest {took[-1]:.2f} s")
    print("memory, last quarter over second: " + ", ".join(f"{name} {ratio:.3f}" for name, ratio in growth(sampler).items()))
    for problem in problems:
        print(f"PROBLEM: {problem}")
    return 1 if problems else 0


def soak(options):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cxr-soak."))
    service, orthanc = Service(folder), Orthanc(folder, "")
    orthanc.service_address = service.address
    try:
        service.start()
        orthanc.start()
        load = Load(orthanc, service, radiographs(folder), options)
        sampler = Sampler([service, orthanc])
        sampler.start()
        drive(load, options)
        ended = {"cxr-service": service.alive(), "Orthanc": orthanc.alive()}
        sampler.over.set()
        sampler.join()
        options.out.mkdir(parents=True, exist_ok=True)
        write_tables(options.out, sampler, load)
        draw(options.out, sampler, load)
        return verdict(load, sampler, ended)
    finally:
        for process in (service, orthanc):
            process.end()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--rate", type=float, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "soak")
    options = parser.parse_args()
    try:
        import matplotlib  # noqa: F401  pylint: disable=import-outside-toplevel,unused-import
    except ImportError:
        parser.error("python3-matplotlib is missing: integration/install-dependencies.sh python3-matplotlib")
    return soak(options)


if __name__ == "__main__":
    sys.exit(main())
