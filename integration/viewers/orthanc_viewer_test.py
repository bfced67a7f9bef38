#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Orthanc's own web viewer shows the capture in its colours."""
from viewers_fixture import Viewed, main


class OrthancWebViewer(Viewed):
    def test_the_capture_is_shown_in_its_colours(self):
        self.assertTrue(self.results_in_archive()["positive"])
        series = self.orthanc.get(f"/instances/{self.id_of(str(self.capture.SOPInstanceUID))}/series")["ID"]
        answer = self.browse("orthanc_viewer.mjs", address=f"http://127.0.0.1:{self.orthanc.http_port}", series=series,
                             name="orthanc-web-viewer")
        self.assert_colours_shown(answer["capture"])


if __name__ == "__main__":
    main()
