// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/coded_concept.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include "service/dicom/read/attribute.h"

namespace cxr {
namespace {

/// Code values are part of stored reports: they stay as they are.
const char* ReasonCodeValue(ReasonCode code) {
  switch (code) {
    case ReasonCode::kModalityNotSupported:
      return "MODALITY";
    case ReasonCode::kBodyPartNotSupported:
      return "BODY_PART";
    case ReasonCode::kViewNotSupported:
      return "VIEW";
    case ReasonCode::kColorImage:
      return "COLOR";
    case ReasonCode::kMultiFrame:
      return "MULTI_FRAME";
    case ReasonCode::kAgeOutsidePopulation:
      return "AGE_OUTSIDE";
    case ReasonCode::kAgeUnknown:
      return "AGE_UNKNOWN";
    case ReasonCode::kForProcessing:
      return "FOR_PROCESSING";
    case ReasonCode::kSpeciesNotSupported:
      return "SPECIES";
    case ReasonCode::kViewUnknown:
      return "VIEW_UNKNOWN";
    case ReasonCode::kPhotometricUnknown:
      return "PHOTOMETRIC";
    case ReasonCode::kUnlikeTrainingData:
      return "UNLIKE_TRAINING";
    case ReasonCode::kNoContrast:
      return "NO_CONTRAST";
    case ReasonCode::kMostlyPadding:
      return "PADDING";
    case ReasonCode::kTextPage:
      return "TEXT_PAGE";
  }
  return "OTHER";
}

}  // namespace

void PutCode(DcmItem& item, const CodedConcept& code) {
  PutText(item, DCM_CodeValue, code.value);
  PutText(item, DCM_CodingSchemeDesignator, code.scheme);
  PutText(item, DCM_CodeMeaning, code.meaning);
}

void PutCodeSequence(DcmItem& dataset, const DcmTagKey& sequence, const CodedConcept& code) {
  PutCode(AppendItem(dataset, sequence), code);
}

void DeclarePrivateScheme(DcmItem& dataset) {
  DcmItem& item = AppendItem(dataset, DCM_CodingSchemeIdentificationSequence);
  PutText(item, DCM_CodingSchemeDesignator, kPrivateScheme);
  PutText(item, DCM_CodingSchemeName, "Concepts of cxr-triage");
  PutText(item, DCM_CodingSchemeResponsibleOrganization, "cxr-triage");
}

CodedConcept FindingCode(Pattern pattern) {
  switch (pattern) {
    case Pattern::kBacteria:
      return {"53084003", "SCT", "Bacterial pneumonia"};
    case Pattern::kVirus:
      return {"75570004", "SCT", "Viral pneumonia"};
    case Pattern::kNormal:
      break;
  }
  return {"17621005", "SCT", "Normal"};
}

CodedConcept FindingCode(const Decision& decision) {
  return decision.conclusion == Conclusion::kIndeterminate ? codes::kIndeterminate : FindingCode(decision.finding);
}

CodedConcept ConclusionCode(Conclusion conclusion) {
  switch (conclusion) {
    case Conclusion::kPositive:
      return codes::kPositive;
    case Conclusion::kNegative:
      return codes::kNegative;
    case Conclusion::kIndeterminate:
      break;
  }
  return codes::kIndeterminate;
}

CodedConcept ProbabilityName(Pattern pattern) {
  switch (pattern) {
    case Pattern::kBacteria:
      return {"P_BACTERIA", kPrivateScheme, "Probability of bacterial pattern"};
    case Pattern::kVirus:
      return {"P_VIRUS", kPrivateScheme, "Probability of viral pattern"};
    case Pattern::kNormal:
      break;
  }
  return {"P_NORMAL", kPrivateScheme, "Probability of normal"};
}

CodedConcept OutcomeCode(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAnalysed:
      return {"ANALYSED", kPrivateScheme, "Analysed"};
    case Outcome::kAnalysedWithWarnings:
      return {"WITH_WARNINGS", kPrivateScheme, "Analysed with warnings"};
    case Outcome::kNotApplicable:
      break;
  }
  return codes::kNotApplicable;
}

CodedConcept ReasonConcept(ReasonCode code) {
  return {ReasonCodeValue(code), kPrivateScheme, ReasonMeaning(code)};
}

}  // namespace cxr
