#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What GET /cxr-triage/instances/{id} costs for a radiograph at the end of a long change log, for one or more builds of the
plugin in one run. Usage: plugin_routes.py --instances 500,5000 LIBRARY...   (the service is not needed: radiographs wait)"""
import argparse
import copy
import io
import pathlib
import shutil
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


def measure(library, instances):
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
        seconds = []
        for _ in range(ASKED):
            begin = time.perf_counter()
            answer = orthanc.get(f"/cxr-triage/instances/{last}")
            seconds.append(time.perf_counter() - begin)
            assert answer["outcome"] == "pending", answer
        return orthanc.get("/changes?last")["Last"], statistics.median(seconds)
    finally:
        orthanc.end()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", default="500,5000")
    parser.add_argument("libraries", nargs="+")
    arguments = parser.parse_args()
    for library in arguments.libraries:
        for instances in map(int, arguments.instances.split(",")):
            changes, median = measure(library, instances)
            print(f"{library}\t{changes} changes\tmedian {1000 * median:.1f} ms of {ASKED}", flush=True)


if __name__ == "__main__":
    main()
