#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The memory of cxr-service: before, during and after a load, of one worker at its worst, and with half-sent requests.

Usage: service_memory.py BUILD_FOLDER. Needs pydicom and numpy. Speaks HTTP/2 by itself (RFC 9113), for no gRPC client
stops in the middle of a message. Prints tables in MiB.
"""

import pathlib
import re
import socket
import struct
import subprocess
import sys
import threading
import time

import numpy
import pydicom
import pydicom.uid

MIB = 1 << 20
DATA, HEADERS, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE = 0, 1, 3, 4, 6, 8


class Connection:
    """One HTTP/2 connection; calls of Analyze on it may stop anywhere."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.sending = threading.Lock()
        self.changed = threading.Condition()
        self.window = 65535  # of the connection
        self.initial = 65535  # of a stream
        self.windows = {}
        self.ended = set()
        self.closed = False
        self.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0, b""))
        threading.Thread(target=self.read, daemon=True).start()

    def write(self, data):
        with self.sending:
            self.socket.sendall(data)

    def receive(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise ConnectionError
            data += piece
        return data

    def read(self):
        try:
            while True:
                header = self.receive(9)
                kind, flags, stream = header[3], header[4], int.from_bytes(header[5:], "big")
                self.handle(kind, flags, stream, self.receive(int.from_bytes(header[:3], "big")))
        except OSError:
            with self.changed:
                self.closed = True
                self.changed.notify_all()

    def handle(self, kind, flags, stream, payload):
        if kind in (SETTINGS, PING) and not flags & 1:
            self.write(frame(kind, 1, 0, payload if kind == PING else b""))
        if kind == DATA and payload:
            update = struct.pack(">I", len(payload))
            self.write(frame(WINDOW_UPDATE, 0, 0, update) + frame(WINDOW_UPDATE, 0, stream, update))
        with self.changed:
            if kind == SETTINGS and not flags & 1:
                for name, value in struct.iter_unpack(">HI", payload):
                    if name == 4:
                        self.windows = {key: left + value - self.initial for key, left in self.windows.items()}
                        self.initial = value
            if kind == WINDOW_UPDATE and stream == 0:
                self.window += int.from_bytes(payload, "big")
            elif kind == WINDOW_UPDATE:
                self.windows[stream] = self.windows.get(stream, 0) + int.from_bytes(payload, "big")
            if kind == RST_STREAM or (kind == HEADERS and flags & 1):
                self.ended.add(stream)
            self.changed.notify_all()

    def begin(self):
        stream = 2 * len(self.windows) + 1
        fields = {":method": "POST", ":scheme": "http", ":path": "/cxr.v1.AnalysisService/Analyze", ":authority": "bench",
                  "te": "trailers", "content-type": "application/grpc"}
        block = b"".join(b"\0" + bytes([len(k)]) + k.encode() + bytes([len(v)]) + v.encode() for k, v in fields.items())
        self.windows[stream] = self.initial
        self.write(frame(HEADERS, 4, stream, block))
        return stream

    def send(self, stream, data, patience=None):
        """Sends what the server lets it; stops when nothing more may go for `patience` seconds. Returns the bytes sent."""
        sent = 0
        while sent < len(data):
            with self.changed:
                over = lambda: self.closed or stream in self.ended
                free = self.changed.wait_for(lambda: over() or min(self.window, self.windows[stream]) > 0, patience)
                if not free or over():
                    return sent
                size = min(16384, self.window, self.windows[stream], len(data) - sent)
                self.window -= size
                self.windows[stream] -= size
            self.write(frame(DATA, 0, stream, data[sent:sent + size]))
            sent += size
        return sent

    def call(self, message):
        stream = self.begin()
        self.send(stream, message)
        self.write(frame(DATA, 1, stream, b""))
        with self.changed:
            self.changed.wait_for(lambda: self.closed or stream in self.ended)


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def request(dicom):
    size, varint = len(dicom), b""
    while size >= 128:
        varint, size = varint + bytes([size & 127 | 128]), size >> 7
    message = b"\x0a" + varint + bytes([size]) + dicom
    return b"\0" + struct.pack(">I", len(message)) + message


class Service:
    """A cxr-service of the build folder on a port of its own."""

    def __init__(self, folder, *flags):
        command = [str(folder / "bin" / "cxr-service"), "--listen", "127.0.0.1:0", *flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            listening = re.search(r"listening on 127\.0\.0\.1:(\d+)", line)
            self.port = int(listening.group(1)) if listening else getattr(self, "port", None)
            if "serving model" in line:
                break
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def status(self, key):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{key}:\s+(\d+) kB", text).group(1)) / 1024

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100


def radiograph(side, bits=12, syntax=pydicom.uid.ExplicitVRLittleEndian):
    """A gradient, as a radiograph of a child of three."""
    ramp = numpy.add.outer(numpy.arange(side), numpy.arange(side)) * ((1 << bits) - 1) // (2 * side)
    meta = pydicom.dataset.FileMetaDataset()
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    data = pydicom.dataset.FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.is_little_endian, data.is_implicit_VR = True, False
    values = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1", "SOPInstanceUID": "2.25.3", "StudyInstanceUID": "2.25.1",
              "SeriesInstanceUID": "2.25.2", "Modality": "DX", "BodyPartExamined": "CHEST", "ViewPosition": "PA",
              "PatientAge": "003Y", "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2", "Rows": side,
              "Columns": side, "BitsAllocated": 16 if bits > 8 else 8, "BitsStored": bits, "HighBit": bits - 1,
              "PixelRepresentation": 0}
    for keyword, value in values.items():
        setattr(data, keyword, value)
    data.PixelData = ramp.astype(numpy.uint16 if bits > 8 else numpy.uint8).tobytes()
    data["PixelData"].VR = "OW" if bits > 8 else "OB"
    if syntax == pydicom.uid.RLELossless:
        data.compress(syntax)
    meta.TransferSyntaxUID = syntax
    buffer = pydicom.filebase.DicomBytesIO()
    data.save_as(buffer, write_like_original=False)
    return buffer.getvalue()


def measure_load(folder):
    print("\n| 200 radiographs of 16 MB, 40 callers | MiB |\n|---|---|")
    message = request(radiograph(2800))
    with Service(folder, "--workers", "2", "--queue", "64", "--unlike", "off") as service:
        for _ in range(4):
            Connection(service.port).call(message)
        before = service.status("VmRSS")

        def caller():
            connection = Connection(service.port)
            for _ in range(5):
                connection.call(message)
        callers = [threading.Thread(target=caller) for _ in range(40)]
        for thread in callers:
            thread.start()
        for thread in callers:
            thread.join()
        at_once = service.status("VmRSS")
        time.sleep(3)  # the service gives memory back after a second of rest
        print(f"| before | {before:.0f} |\n| peak | {service.status('VmHWM'):.0f} |\n| at the last answer | {at_once:.0f} |")
        print(f"| 3 s later | {service.status('VmRSS'):.0f} |")


def measure_workers(folder):
    print("\n| one worker | MiB beside those at rest | s of processor time |\n|---|---|---|")
    sources = {"16 bits, 33 megapixels, 64 MiB": radiograph(5790), "8 bits, 66 megapixels, 64 MiB": radiograph(8180, 8),
               "RLE, 36 megapixels": radiograph(5990, 12, pydicom.uid.RLELossless),
               "deflated, 99 megapixels": radiograph(9990, 12, pydicom.uid.DeflatedExplicitVRLittleEndian)}
    for name, dicom in sources.items():
        with Service(folder, "--workers", "1", "--unlike", "off") as service:
            before, began = service.status("VmRSS"), service.processor_seconds()
            Connection(service.port).call(request(dicom))
            print(f"| {name} | {service.status('VmHWM') - before:.0f} | {service.processor_seconds() - began:.2f} |")


def measure_half_sent(folder):
    print("\n| half-sent requests | MiB that the server took | MiB beside those at rest |\n|---|---|---|")
    for name, calls, declared, given in [("20 of 64 MiB, 60 MiB each", 20, 64 * MIB, 60 * MIB),
                                         ("one of 2000 MiB", 1, 2000 * MIB, 1200 * MIB)]:
        with Service(folder, "--workers", "1") as service:
            before, taken, open_connections = service.status("VmRSS"), [], []

            def sender():
                connection = Connection(service.port)
                open_connections.append(connection)
                message = b"\0" + struct.pack(">I", declared) + bytes(given)
                taken.append(connection.send(connection.begin(), message, patience=3))
            senders = [threading.Thread(target=sender) for _ in range(calls)]
            for thread in senders:
                thread.start()
            for thread in senders:
                thread.join()
            print(f"| {name} | {sum(taken) / MIB:.0f} | {service.status('VmHWM') - before:.0f} |")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for measure in (measure_load, measure_workers, measure_half_sent):
        measure(pathlib.Path(sys.argv[1]).resolve())
