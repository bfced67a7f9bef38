// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcitem.h>

#include "service/core/classification.h"
#include "service/core/pattern.h"
#include "service/core/reason.h"

namespace cxr {

/// A coded concept (PS3.3 8.8). Constant data: value up to 16 characters, meaning up to 64.
struct CodedConcept {
  const char* value;
  const char* scheme;
  const char* meaning;
};

/// Writes value, scheme designator and meaning into a code sequence's item.
void PutCode(DcmItem& item, const CodedConcept& code);

/// Writes a code sequence of one item into `dataset`.
void PutCodeSequence(DcmItem& dataset, const DcmTagKey& sequence, const CodedConcept& code);

/// The coding scheme of the concepts that no standard names; declared in CodingSchemeIdentificationSequence
/// (0008,0110).
inline constexpr const char* kPrivateScheme = "99CXRTRIAGE";
void DeclarePrivateScheme(DcmItem& dataset);

namespace codes {

// DICOM controlled terminology (PS3.16, annex D).
inline constexpr CodedConcept kImagingMeasurementReport{"126000", "DCM", "Imaging Measurement Report"};
inline constexpr CodedConcept kLanguage{"121049", "DCM", "Language of Content Item and Descendants"};
inline constexpr CodedConcept kCountry{"121046", "DCM", "Country of Language"};
inline constexpr CodedConcept kObserverType{"121005", "DCM", "Observer Type"};
inline constexpr CodedConcept kDevice{"121007", "DCM", "Device"};
inline constexpr CodedConcept kDeviceUid{"121012", "DCM", "Device Observer UID"};
inline constexpr CodedConcept kDeviceName{"121013", "DCM", "Device Observer Name"};
inline constexpr CodedConcept kDeviceManufacturer{"121014", "DCM", "Device Observer Manufacturer"};
inline constexpr CodedConcept kDeviceModel{"121015", "DCM", "Device Observer Model Name"};
inline constexpr CodedConcept kDeviceSerial{"121016", "DCM", "Device Observer Serial Number"};
inline constexpr CodedConcept kProcedureReported{"121058", "DCM", "Procedure reported"};
inline constexpr CodedConcept kImageLibrary{"111028", "DCM", "Image Library"};
inline constexpr CodedConcept kImageLibraryGroup{"126200", "DCM", "Image Library Group"};
inline constexpr CodedConcept kModality{"121139", "DCM", "Modality"};
inline constexpr CodedConcept kComputedRadiography{"CR", "DCM", "Computed Radiography"};
inline constexpr CodedConcept kDigitalRadiography{"DX", "DCM", "Digital Radiography"};
inline constexpr CodedConcept kImagingMeasurements{"126010", "DCM", "Imaging Measurements"};
inline constexpr CodedConcept kMeasurementGroup{"125007", "DCM", "Measurement Group"};
inline constexpr CodedConcept kTrackingIdentifier{"112039", "DCM", "Tracking Identifier"};
inline constexpr CodedConcept kTrackingUid{"112040", "DCM", "Tracking Unique Identifier"};
inline constexpr CodedConcept kFinding{"121071", "DCM", "Finding"};
inline constexpr CodedConcept kImageRegion{"111030", "DCM", "Image Region"};
inline constexpr CodedConcept kOriginalSource{"111040", "DCM", "Original Source"};
inline constexpr CodedConcept kGradCam{"130403", "DCM", "Gradient-weighted class activation"};
inline constexpr CodedConcept kAlgorithmName{"111001", "DCM", "Algorithm Name"};
inline constexpr CodedConcept kAlgorithmParameters{"111002", "DCM", "Algorithm Parameters"};
inline constexpr CodedConcept kAlgorithmVersion{"111003", "DCM", "Algorithm Version"};
inline constexpr CodedConcept kSummary{"121111", "DCM", "Summary"};
inline constexpr CodedConcept kComment{"121106", "DCM", "Comment"};
inline constexpr CodedConcept kNormality{"121402", "DCM", "Normality"};
inline constexpr CodedConcept kSourceForProcessing{"121322", "DCM", "Source image for image processing operation"};
inline constexpr CodedConcept kSpatialResampling{"113085", "DCM", "Spatial resampling"};
inline constexpr CodedConcept kAcquisitionEquipment{"109101", "DCM", "Acquisition Equipment"};
inline constexpr CodedConcept kProcessingEquipment{"109102", "DCM", "Processing Equipment"};

// SNOMED CT.
inline constexpr CodedConcept kImagingProcedure{"363679005", "SCT", "Imaging procedure"};
inline constexpr CodedConcept kMeasurementMethod{"370129005", "SCT", "Measurement Method"};
inline constexpr CodedConcept kFindingSite{"363698007", "SCT", "Finding Site"};
inline constexpr CodedConcept kLung{"39607008", "SCT", "Lung"};
inline constexpr CodedConcept kChest{"51185008", "SCT", "Chest"};
inline constexpr CodedConcept kNotApplicable{"385432009", "SCT", "Not applicable"};
inline constexpr CodedConcept kFindingContext{"408729009", "SCT", "Finding context"};
inline constexpr CodedConcept kSuspected{"415684004", "SCT", "Suspected"};
inline constexpr CodedConcept kPositive{"10828004", "SCT", "Positive"};
inline constexpr CodedConcept kIndeterminate{"82334004", "SCT", "Indeterminate"};
inline constexpr CodedConcept kNegative{"260385009", "SCT", "Negative"};
inline constexpr CodedConcept kQuantity{"246205007", "SCT", "Quantity"};
inline constexpr CodedConcept kArea{"42798000", "SCT", "Area"};

// Others.
inline constexpr CodedConcept kQualitativeEvaluations{"C0034375", "UMLS", "Qualitative Evaluations"};
inline constexpr CodedConcept kEnglish{"en", "RFC5646", "English"};
inline constexpr CodedConcept kPercent{"%", "UCUM", "Percent"};
inline constexpr CodedConcept kNoUnits{"1", "UCUM", "no units"};
inline constexpr CodedConcept kPixels{"{pixels}", "UCUM", "Pixels"};

// Ours.
inline constexpr CodedConcept kPneumoniaScore{"SCORE", kPrivateScheme, "Pneumonia score"};
inline constexpr CodedConcept kOperatingPoint{"OPERATING_POINT", kPrivateScheme, "Operating point of pneumonia score"};
inline constexpr CodedConcept kLowerOperatingPoint{"NEGATIVE_BELOW", kPrivateScheme,
                                                   "Lower operating point of pneumonia score"};
inline constexpr CodedConcept kNotAnalysed{"NOT_ANALYSED", kPrivateScheme, "Radiograph not analysed"};
inline constexpr CodedConcept kConclusion{"CONCLUSION", kPrivateScheme, "Conclusion of the analysis"};
inline constexpr CodedConcept kOutcome{"OUTCOME", kPrivateScheme, "Outcome of the analysis"};
inline constexpr CodedConcept kReason{"REASON", kPrivateScheme, "Reason of the outcome"};
inline constexpr CodedConcept kPopulation{"POPULATION", kPrivateScheme, "Population the model applies to"};

}  // namespace codes

/// What a pattern is called as a finding: bacterial pneumonia, normal, viral pneumonia (SNOMED CT).
[[nodiscard]] CodedConcept FindingCode(Pattern pattern);

/// What was found: the code of the decision's pattern, or "Indeterminate", for then no pattern was found.
[[nodiscard]] CodedConcept FindingCode(const Decision& decision);

/// Positive, indeterminate or negative (SNOMED CT).
[[nodiscard]] CodedConcept ConclusionCode(Conclusion conclusion);

/// The name of a pattern's probability, in the private scheme: named alike, three numbers look alike in a viewer.
[[nodiscard]] CodedConcept ProbabilityName(Pattern pattern);

/// An outcome as a coded value.
[[nodiscard]] CodedConcept OutcomeCode(Outcome outcome);

/// A reason as a coded value in the private scheme.
[[nodiscard]] CodedConcept ReasonConcept(ReasonCode code);

}  // namespace cxr
