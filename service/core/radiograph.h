// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "service/core/analysis.h"
#include "service/core/field_words.h"
#include "service/core/image.h"
#include "service/core/orientation.h"

namespace cxr {

/// What the header of an instance says, as far as applicability and geometry depend on it. Texts are trimmed and upper
/// case; placeholders such as UNKNOWN count as not stated.
struct RadiographFacts {
  SourceIdentity identity;
  std::string modality;               ///< (0008,0060); empty when not stated
  std::string body_part;              ///< (0018,0015); empty when not stated
  absl::optional<bool> chest_region;  ///< (0008,2218): whether the coded anatomic region is chest, thorax or lung
  std::string view_position;          ///< (0018,5101); empty when not stated
  Orientation orientation;            ///< (0020,0020)
  ViewSaid series_view = ViewSaid::kNothing;  ///< what series description and protocol name say
  ViewSaid study_view = ViewSaid::kNothing;   ///< what descriptions of study and procedure say
  std::string species;                        ///< (0010,2201), (0010,2202); empty for man and when not stated
  absl::optional<bool> frontal_view;  ///< (0054,0220): whether the coded view is antero-posterior or postero-anterior
  std::string presentation_intent;    ///< (0008,0068); empty when not stated
  std::string photometric_interpretation;
  int samples_per_pixel = 1;
  int frames = 1;
  int rows = 0;
  int columns = 0;
  /// Age at the study in years (fractions allowed), from (0010,1010), else birth date and study, acquisition or content
  /// date.
  absl::optional<double> age_years;
};

/// What a result is made of, besides the radiograph itself.
struct ResultContent {
  const Analysis& analysis;
  const RgbImage* image = nullptr;       ///< of a capture: what it shows
  const DicomObject* capture = nullptr;  ///< of a report: the capture that it refers to, if there is one
};

/// Port: one opened DICOM instance, which can be decoded and answered. Implementations are used by one thread at a
/// time.
class Radiograph {
 public:
  virtual ~Radiograph() = default;

  [[nodiscard]] virtual const RadiographFacts& facts() const = 0;

  /// Decodes the frame to display values. Failures: kUndecodablePixelData, kTruncated, kUnsupportedTransferSyntax.
  [[nodiscard]] virtual absl::StatusOr<GrayImage> DisplayImage() const = 0;

  /// Writes one form of result in the source's study. Failures: kInternal, also when `content` lacks what the form is
  /// made of.
  [[nodiscard]] virtual absl::StatusOr<DicomObject> Write(ObjectKind kind, const ResultContent& content) const = 0;
};

/// Port: opens DICOM instances. Thread-safe.
class RadiographReader {
 public:
  virtual ~RadiographReader() = default;

  /// Parses a PS3.10 file; its bytes must outlive the Radiograph. Succeeds for every readable image with its three
  /// UIDs, eligible or not. Failures: kNotDicom, kTruncated, kNoPixelData, kInvalidImageSize, kMissingUid, kInvalidUid,
  /// kUnsupportedTransferSyntax (JPIP).
  [[nodiscard]] virtual absl::StatusOr<std::unique_ptr<Radiograph>> Read(absl::string_view dicom) const = 0;
};

}  // namespace cxr
