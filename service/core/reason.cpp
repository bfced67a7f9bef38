// SPDX-License-Identifier: Apache-2.0
#include "service/core/reason.h"

namespace cxr {

absl::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAnalysed:
      return "analysed";
    case Outcome::kAnalysedWithWarnings:
      return "analysed with warnings";
    case Outcome::kNotApplicable:
      return "not applicable";
  }
  return "unknown";
}

absl::string_view ReasonCodeName(ReasonCode code) {
  switch (code) {
    case ReasonCode::kModalityNotSupported:
      return "MODALITY_NOT_SUPPORTED";
    case ReasonCode::kBodyPartNotSupported:
      return "BODY_PART_NOT_SUPPORTED";
    case ReasonCode::kViewNotSupported:
      return "VIEW_NOT_SUPPORTED";
    case ReasonCode::kColorImage:
      return "COLOR_IMAGE";
    case ReasonCode::kMultiFrame:
      return "MULTI_FRAME";
    case ReasonCode::kAgeOutsidePopulation:
      return "AGE_OUTSIDE_POPULATION";
    case ReasonCode::kAgeUnknown:
      return "AGE_UNKNOWN";
    case ReasonCode::kForProcessing:
      return "FOR_PROCESSING";
  }
  return "UNKNOWN";
}

const char* ReasonMeaning(ReasonCode code) {
  switch (code) {
    case ReasonCode::kModalityNotSupported:
      return "Modality is neither CR nor DX";
    case ReasonCode::kBodyPartNotSupported:
      return "Body part is not the chest";
    case ReasonCode::kViewNotSupported:
      return "View is not frontal";
    case ReasonCode::kColorImage:
      return "Image is not greyscale";
    case ReasonCode::kMultiFrame:
      return "Image has several frames";
    case ReasonCode::kAgeOutsidePopulation:
      return "Age is outside the model's population";
    case ReasonCode::kAgeUnknown:
      return "Age is not known";
    case ReasonCode::kForProcessing:
      return "Image is meant for processing";
  }
  return "Other reason";
}

}  // namespace cxr
