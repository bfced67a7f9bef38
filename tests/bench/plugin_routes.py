#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the plugin's routes cost, for one or more builds of it in one run, without a service:
GET /cxr-triage/instances/{id} for a radiograph at the end of a long change log, and GET /cxr-triage/worklist of many studies.
Usage: plugin_routes.py --instances 500,5000 --studies 100,1100 LIBRARY..."""
import argparse
import copy
import io
import json
import pathlib
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time

import pydicom
from pydicom.uid import generate_uid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration" / "e2e"))
import processes  # noqa: E402  (the folder of the end-to-end tests is not a package)
from fixture import CT_IMAGE, make_phantom  # noqa: E402
from processes import Orthanc, wait_until  # noqa: E402

WAITING = 300  # more radiographs than the plugin queues: the feed stops before the rest of the log
ASKED = 20


def small(phantom):
    data = pydicom.dcmread(phantom)
    data.PixelData, data.Rows, data.Columns = b"\0" * (8 * 8 * data.BitsAllocated // 8), 8, 8
    return data


def store(orthanc, template, study=None, **attributes):
    data = copy.deepcopy(template)
    data.StudyInstanceUID = study or generate_uid()
    data.SeriesInstanceUID, data.SOPInstanceUID = generate_uid(), generate_uid()
    for keyword, value in attributes.items():
        setattr(data, keyword, value)
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    file = io.BytesIO()
    data.save_as(file)
    return orthanc.post("/instances", file.getvalue())["ID"]


def median_seconds(ask):
    seconds = []
    for _ in range(ASKED):
        begin = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def measure_worklist(library, studies):
    """A worklist of studies that were never analysed: their summaries and the list of them are written from outside."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cxr-bench."))
    processes.PLUGIN = pathlib.Path(library).resolve()
    orthanc = Orthanc(folder, "127.0.0.1:1")
    try:
        orthanc.start()
        template = small(make_phantom(folder))
        for number in range(studies):
            store(orthanc, template, SOPClassUID=CT_IMAGE, Modality="CT")
        ids = orthanc.get("/studies")
        for number, study in enumerate(ids):
            entry = {"instance": "-", "outcome": "analysed", "finding": "VIRUS", "positive": True, "score": number / studies}
            orthanc.request(f"/studies/{study}/metadata/4201", {**entry, "instances": [entry]}, "PUT")
        wait_until("the plugin has saved its position", lambda: orthanc.get("/cxr-triage/status")["lag"] == 0)
        orthanc.end()
        with sqlite3.connect(folder / "storage" / "index") as index:
            tables = [name for (name,) in index.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            assert "GlobalProperties" in tables, tables
            index.execute("INSERT OR REPLACE INTO GlobalProperties VALUES (4201, ?)", (json.dumps(ids),))
        index.close()
        orthanc.start()
        assert len(orthanc.get("/cxr-triage/worklist?limit=20")) == 20
        return median_seconds(lambda: orthanc.get("/cxr-triage/worklist?limit=20"))
    finally:
        orthanc.end()
        shutil.rmtree(folder, ignore_errors=True)


def measure_instance(library, instances):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cxr-bench."))
    processes.PLUGIN = pathlib.Path(library).resolve()
    orthanc = Orthanc(folder, "127.0.0.1:1")
    try:
        orthanc.start()
        template = small(make_phantom(folder))
        for _ in range(WAITING):
            store(orthanc, template)
        for _ in range(instances):
            store(orthanc, template, SOPClassUID=CT_IMAGE, Modality="CT")
        last = store(orthanc, template)
        wait_until("the queue is full", lambda: orthanc.get("/cxr-triage/status")["backlog"] >= 256)
        assert orthanc.get(f"/cxr-triage/instances/{last}")["outcome"] == "pending"
        return orthanc.get("/changes?last")["Last"], median_seconds(lambda: orthanc.get(f"/cxr-triage/instances/{last}"))
    finally:
        orthanc.end()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", default="500,5000")
    parser.add_argument("--studies", default="100,1100")
    parser.add_argument("libraries", nargs="+")
    arguments = parser.parse_args()
    for library in arguments.libraries:
        for instances in map(int, arguments.instances.split(",")):
            changes, median = measure_instance(library, instances)
            print(f"{library}\tinstance behind {changes} changes\tmedian {1000 * median:.1f} ms of {ASKED}", flush=True)
        for studies in map(int, arguments.studies.split(",")):
            median = measure_worklist(library, studies)
            print(f"{library}\tworklist of {studies} studies\tmedian {1000 * median:.1f} ms of {ASKED}", flush=True)


if __name__ == "__main__":
    main()
