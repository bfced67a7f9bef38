// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/dicom/support/written_results.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cxr::test {

bool WrittenResults::LeftOut(const std::string& name) const {
  return std::any_of(left_out.begin(), left_out.end(),
                     [&](const std::string& entry) { return entry.rfind(name, 0) == 0; });
}

WrittenResults ResultsOf(const DicomFixture& fixture, const Analysis& analysis, DicomSettings settings) {
  WrittenResults results;
  settings.write.on_left_out = [&](absl::string_view name, absl::string_view) { results.left_out.emplace_back(name); };
  results.source = fixture.Build();
  const absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = Reader(settings)->Read(results.source);
  EXPECT_TRUE(radiograph.ok()) << radiograph.status();
  if (!radiograph.ok()) return results;
  const absl::StatusOr<DicomObject> capture = test::WriteCapture(**radiograph, analysis, Overlay(30, 24));
  EXPECT_TRUE(capture.ok()) << capture.status();
  if (!capture.ok()) return results;
  const absl::StatusOr<DicomObject> report =
      (*radiograph)->Write(ObjectKind::kStructuredReport, {analysis, nullptr, &*capture});
  EXPECT_TRUE(report.ok()) << report.status();
  if (report.ok()) results.report = report->content;
  results.capture = capture->content;
  return results;
}

}  // namespace cxr::test
