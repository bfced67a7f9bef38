// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/core/analyze_radiograph.h"

namespace cxr::test {

/// The use case with the tools that the service runs with.
class Pipeline {
 public:
  /// Loads the model in `model_directory`. Aborts the test program when a tool cannot be made.
  explicit Pipeline(const std::string& model_directory, UnlikePolicy unlike = UnlikePolicy::kEnforce);

  [[nodiscard]] absl::StatusOr<AnalysisResult> Analyze(const std::string& dicom,
                                                       ObjectKinds wanted = kUsualKinds) const;

 private:
  UnlikePolicy unlike_;
  std::unique_ptr<RadiographReader> reader_;
  std::unique_ptr<Classifier> classifier_;
  std::unique_ptr<OverlayRenderer> renderer_;
};

/// The directory of the one shipped model.
[[nodiscard]] std::string ShippedModelDirectory();

/// The polygons (SCOORD or graphic annotations) of a report or presentation state, as a reader of the file finds them.
[[nodiscard]] std::vector<Polygon> RegionsOfReport(const DicomObject& report);

/// The text that a presentation state shows.
[[nodiscard]] std::string TextOfPresentationState(const DicomObject& state);

/// A parametric map as a reader of the file finds it, with the box that its plane says, in pixels of a source of that
/// spacing (mm).
[[nodiscard]] ActivationMap MapOfObject(const DicomObject& object, double spacing);

/// The image of a capture, as a reader of the file finds it.
[[nodiscard]] RgbImage ImageOfCapture(const DicomObject& capture);

}  // namespace cxr::test
