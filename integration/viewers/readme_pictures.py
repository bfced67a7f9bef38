#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts two screenshots that the tests left in the build folder into the README's pictures, under 300 KB each.

Usage: integration/viewers/readme_pictures.py      (after: ctest --preset release -R Viewers.Ohif; then look at them)"""
from PIL import Image, ImageOps

from viewers_fixture import SCREENSHOTS, SOURCE

WIDTH = 880
PICTURES = {"ohif-pneumonia-capture.png": "ohif-capture.png", "ohif-pneumonia-report.png": "ohif-report.png"}

for screenshot, picture in PICTURES.items():
    image = Image.open(SCREENSHOTS / screenshot).convert("RGB")
    image = image.resize((WIDTH, image.height * WIDTH // image.width), Image.Resampling.LANCZOS)
    target = SOURCE / "integration" / "docs" / "images" / picture
    ImageOps.posterize(image, 7).save(target, optimize=True)  # the last bit is noise and a quarter of the file
    print(f"{target}: {target.stat().st_size // 1024} KB")
