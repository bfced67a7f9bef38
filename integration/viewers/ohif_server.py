# SPDX-License-Identifier: Apache-2.0
"""Serves OHIF and, under the same address, the DICOMweb of an Orthanc, so that no cross-origin rules apply."""
import contextlib
import http.server
import pathlib
import sys
import threading
import urllib.error
import urllib.request

CONFIGURATION = pathlib.Path(__file__).with_name("ohif-config.js")
ARCHIVE_PATHS = ("/dicom-web", "/wado")


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of OHIF; its start page for every path that is none; the archive's answers for the archive's paths."""
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript",
                      ".mjs": "text/javascript", ".wasm": "application/wasm"}

    def __init__(self, *arguments, archive, **options):
        self.archive = archive
        super().__init__(*arguments, **options)

    def do_GET(self):  # the name is the library's
        if self.path.startswith(ARCHIVE_PATHS):
            self.forward()
        else:
            super().do_GET()

    def translate_path(self, path):
        if path.partition("?")[0] == "/app-config.js":
            return str(CONFIGURATION)
        file = super().translate_path(path)
        return file if pathlib.Path(file).is_file() else str(pathlib.Path(self.directory, "index.html"))

    def forward(self):
        path = self.path.replace("%2C", ",")  # orthanc-dicomweb 1.7 does not decode a comma in includefield
        request = urllib.request.Request(self.archive + path, headers={"Accept": self.headers.get("Accept", "*/*")})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                self.answer(answer.status, answer.headers.get("Content-Type"), answer.read())
        except urllib.error.HTTPError as error:
            self.answer(error.code, error.headers.get("Content-Type"), error.read())

    def answer(self, status, content_type, body):
        self.send_response(status)
        self.send_header("Content-Type", content_type or "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """The browser tells what went wrong; a line for each file would hide it."""


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a browser that is closed breaks off its requests
            super().handle_error(request, client_address)


@contextlib.contextmanager
def serving(dist, archive):
    """Serves OHIF's folder on a free loopback port; gives its address."""
    def handler(*arguments):
        return Handler(*arguments, directory=str(dist), archive=archive)
    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
