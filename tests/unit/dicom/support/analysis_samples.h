// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "service/core/analysis.h"
#include "service/core/image.h"
#include "service/core/radiograph.h"
#include "service/dicom/dicom_settings.h"
#include "tests/support/dicom_fixture.h"

namespace cxr::test {

/// An analysis of a radiograph of 60 rows and 48 columns with the given pneumonia patterns, at an operating point of
/// 0.5; positive ones have two salient regions.
[[nodiscard]] Analysis AnalysisOf(double bacteria, double virus);

/// The same between operating points of 0.3 and 0.7: indeterminate, with one salient region.
[[nodiscard]] Analysis Indeterminate();

/// A radiograph that was refused for two reasons.
[[nodiscard]] Analysis NotApplicable();

/// An image whose rows differ.
[[nodiscard]] RgbImage Overlay(int rows, int columns);

/// Writes a capture that shows `image`.
[[nodiscard]] absl::StatusOr<DicomObject> WriteCapture(const Radiograph& radiograph, const Analysis& analysis,
                                                       const RgbImage& image);

/// Settings whose clock stands still.
[[nodiscard]] DicomSettings FixedSettings();

/// A reader, or the end of the test program.
[[nodiscard]] std::unique_ptr<RadiographReader> Reader(DicomSettings settings = FixedSettings());

struct NamedFixture {
  std::string name;
  DicomFixture fixture;
};

/// A source for every way in which one may say how it is shown.
[[nodiscard]] std::vector<NamedFixture> GreyscaleSources();

}  // namespace cxr::test
