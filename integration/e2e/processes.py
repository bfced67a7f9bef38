# SPDX-License-Identifier: Apache-2.0
"""The real processes of an end-to-end test: cxr-service and Orthanc with the plugin, on free loopback ports."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

SOURCE = pathlib.Path(os.environ.get("CXR_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
BUILD = pathlib.Path(os.environ.get("CXR_BINARY_DIR", SOURCE / "build" / "release"))
DATA = pathlib.Path(os.environ.get("CXR_DATA", SOURCE.parent / "shared" / "data"))
PLUGIN = BUILD / "lib" / "libCxrTriage.so"
DICOMWEB = pathlib.Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
DEADLINE_S = 180


def binary(name):
    return str(BUILD / "bin" / name)


def wait_until(what, condition, deadline_s=DEADLINE_S):
    """Asks condition until it is true and returns its value; raises when the deadline passes."""
    end = time.monotonic() + deadline_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {deadline_s} s still not: {what}")
        time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A child process with its output in a file."""

    def __init__(self, log):
        self.log = pathlib.Path(log)
        self.child = None

    def spawn(self, *command, environment=None):
        with open(self.log, "ab") as output:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)

    def alive(self):
        return self.child is not None and self.child.poll() is None

    def end(self, how=signal.SIGTERM):
        """Sends a signal, waits, and returns the exit status (None when nothing ran)."""
        if self.child is None:
            return None
        if self.alive():
            self.child.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.child.wait(30)
        if self.alive():
            self.child.kill()
            self.child.wait()
            raise AssertionError(f"{self.child.args[0]} ignored signal {how}")
        status, self.child = self.child.returncode, None
        return status

    def text(self):
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


class Service(Process):
    """cxr-service with the shipped model, or another set before start. It keeps its port over restarts."""

    def __init__(self, folder, *flags):
        super().__init__(pathlib.Path(folder, "service.log"))
        self.port = free_port()
        self.flags = flags
        self.model = next((SOURCE / "service" / "models").glob("*/manifest.json")).parent

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        begin = len(self.text())
        self.spawn(binary("cxr-service"), "--model", str(self.model), "--listen", self.address, *self.flags)
        wait_until("cxr-service listens",
                   lambda: not self.alive() or "cxr-service listening on" in self.text()[begin:])
        if not self.alive():
            raise AssertionError(f"cxr-service ended at once:\n{self.text()}")
        return self

    def resident_bytes(self):
        fields = pathlib.Path(f"/proc/{self.child.pid}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) * 1024 for line in fields if line.startswith("VmRSS:"))


class Orthanc(Process):
    """The archive. It keeps folders and ports over restarts."""

    def __init__(self, folder, service_address, plugin=True):
        super().__init__(pathlib.Path(folder, "orthanc.log"))
        self.folder = pathlib.Path(folder)
        self.plugin = plugin
        self.service_address = service_address
        self.http_port, self.dicom_port = free_port(), free_port()

    def configuration(self):
        storage = str(self.folder / "storage")
        plugins = [DICOMWEB] + ([PLUGIN] if self.plugin else [])
        return {
            "Name": "cxr-e2e", "StorageDirectory": storage, "IndexDirectory": storage,
            "HttpPort": self.http_port, "DicomPort": self.dicom_port, "DicomAet": "ORTHANC",
            "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
            "DicomAlwaysAllowEcho": True, "DicomAlwaysAllowStore": True, "DicomAlwaysAllowFind": True,
            "Plugins": [str(path) for path in plugins], "DicomWeb": {"Enable": True},
            "CxrTriage": {"Enable": True, "Service": self.service_address},
        }

    def write_configuration(self):
        path = self.folder / "orthanc.json"
        path.write_text(json.dumps(self.configuration()), encoding="utf-8")
        return path

    def start(self):
        path = self.write_configuration()

        def up():
            if not self.alive():  # after kill -9 its folders or ports may be busy for a moment
                self.spawn("/usr/sbin/Orthanc", str(path))
            return self.answers()
        wait_until("Orthanc answers", up)
        return self

    def answers(self):
        with contextlib.suppress(OSError):
            return self.get("/system")
        return None

    def request(self, path, data=None, method=None):
        url = f"http://127.0.0.1:{self.http_port}{path}"
        if data is not None and not isinstance(data, bytes):
            data = json.dumps(data).encode()
        with urllib.request.urlopen(urllib.request.Request(url, data, method=method), timeout=60) as answer:
            return answer.read()

    def get(self, path):
        return json.loads(self.request(path))

    def post(self, path, data):
        return json.loads(self.request(path, data))

    def status_of(self, path):
        """The HTTP status of a GET."""
        try:
            self.request(path)
            return 200
        except urllib.error.HTTPError as error:
            return error.code

    def store(self, *paths):
        """Stores files by C-STORE, in their own transfer syntaxes."""
        run = subprocess.run(["dcmsend", "--decompress-never", "--no-uid-checks", "127.0.0.1", str(self.dicom_port),
                              *map(str, paths)], capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise AssertionError(run.stdout + run.stderr)
