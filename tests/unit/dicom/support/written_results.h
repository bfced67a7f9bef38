// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/support/dicom_fixture.h"
#include "tests/unit/dicom/support/analysis_samples.h"

namespace cxr::test {

/// What is written of one source: its Secondary Capture and its report, and what was left out of both.
struct WrittenResults {
  std::string source;
  std::string capture;
  std::string report;
  std::vector<std::string> left_out;  ///< names and tags

  /// Whether something whose name begins so was left out.
  [[nodiscard]] bool LeftOut(const std::string& name) const;

  [[nodiscard]] std::vector<std::string> both() const { return {capture, report}; }
};

/// Writes the results of a positive radiograph with a salient region. Records a test failure if that is not possible.
[[nodiscard]] WrittenResults ResultsOf(const DicomFixture& fixture, const Analysis& analysis = AnalysisOf(0.7, 0.2),
                                       DicomSettings settings = FixedSettings());

}  // namespace cxr::test
