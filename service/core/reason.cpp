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
    case ReasonCode::kSpeciesNotSupported:
      return "SPECIES_NOT_SUPPORTED";
    case ReasonCode::kViewUnknown:
      return "VIEW_UNKNOWN";
    case ReasonCode::kPhotometricUnknown:
      return "PHOTOMETRIC_UNKNOWN";
    case ReasonCode::kUnlikeTrainingData:
      return "UNLIKE_TRAINING_DATA";
    case ReasonCode::kNoContrast:
      return "NO_CONTRAST";
    case ReasonCode::kMostlyPadding:
      return "MOSTLY_PADDING";
    case ReasonCode::kTextPage:
      return "TEXT_PAGE";
  }
  return "UNKNOWN";
}

const char* ReasonMeaning(ReasonCode code) {
  switch (code) {
    case ReasonCode::kModalityNotSupported:
      return "Modality is not radiography";
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
    case ReasonCode::kSpeciesNotSupported:
      return "Patient is not human";
    case ReasonCode::kViewUnknown:
      return "View is not known";
    case ReasonCode::kPhotometricUnknown:
      return "Photometric interpretation is not known";
    case ReasonCode::kUnlikeTrainingData:
      return "Image is unlike the images the model was trained on";
    case ReasonCode::kNoContrast:
      return "Image has no contrast";
    case ReasonCode::kMostlyPadding:
      return "Image is mostly padding";
    case ReasonCode::kTextPage:
      return "Image is a page of text";
  }
  return "Other reason";
}

}  // namespace cxr
