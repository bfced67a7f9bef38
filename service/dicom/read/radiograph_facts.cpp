// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/radiograph_facts.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/dicom/read/patient_age.h"

namespace cxr {
namespace {

constexpr absl::string_view kDxForProcessing = "1.2.840.10008.5.1.4.1.1.1.1.1";

// SNOMED CT concepts and, where in use, their SNOMED RT forms (PS3.16, CID 4009 and 4031): chest, thoracic cavity,
// lung, both lungs.
constexpr std::array<absl::string_view, 6> kChestCodes = {"51185008", "T-D3000", "43799004",
                                                          "39607008", "T-28000", "74101002"};
constexpr std::array<absl::string_view, 7> kChestMeanings = {
    "CHEST", "THORAX", "LUNG", "LUNGS", "THORAX STRUCTURE", "THORACIC CAVITY", "ENTIRE CHEST"};

// PS3.16, CID 4010: antero-posterior and postero-anterior.
constexpr std::array<absl::string_view, 4> kFrontalCodes = {"399348003", "R-10206", "272479007", "R-10214"};
constexpr std::array<absl::string_view, 7> kFrontalMeanings = {
    "ANTERO-POSTERIOR", "POSTERO-ANTERIOR", "ANTEROPOSTERIOR", "POSTEROANTERIOR", "AP", "PA", "FRONTAL"};

// SNOMED CT and SNOMED RT (PS3.16, CID 7454): Homo sapiens.
constexpr std::array<absl::string_view, 3> kHumanCodes = {"337915000", "L-85B00", "278412004"};

template <std::size_t N>
bool IsOneOf(const std::string& value, const std::array<absl::string_view, N>& known) {
  return std::find(known.begin(), known.end(), value) != known.end();
}

/// Whether the first code of a sequence is one of those known by value or, for local code schemes, by meaning. Nothing
/// when the sequence is absent, empty or holds no code.
template <std::size_t N, std::size_t M>
absl::optional<bool> CodeIsOneOf(DcmItem& dataset, const DcmTagKey& sequence,
                                 const std::array<absl::string_view, N>& values,
                                 const std::array<absl::string_view, M>& meanings) {
  DcmItem* item = FirstItem(dataset, sequence);
  if (item == nullptr) return absl::nullopt;
  const std::string value = FirstTextUpper(*item, DCM_CodeValue);
  const std::string meaning = FirstTextUpper(*item, DCM_CodeMeaning);
  if (value.empty() && meaning.empty()) return absl::nullopt;
  return IsOneOf(value, values) || IsOneOf(meaning, meanings);
}

/// FirstTextUpper, or nothing for a placeholder.
std::string StatedUpper(DcmItem& dataset, const DcmTagKey& tag) {
  std::string text = FirstTextUpper(dataset, tag);
  return IsPlaceholder(text) ? std::string() : text;
}

/// What is said by any of several texts: frontal by one and lateral by another is nothing.
ViewSaid ViewIn(DcmItem& dataset, std::initializer_list<DcmTagKey> tags) {
  std::string all;
  for (const DcmTagKey& tag : tags) absl::StrAppend(&all, FirstText(dataset, tag), "; ");
  return ViewInWords(all);
}

/// The species when it is stated and not man: by text, by code or, for animals have one, by a breed.
std::string OtherSpecies(DcmItem& dataset) {
  const std::string text = StatedUpper(dataset, DCM_PatientSpeciesDescription);
  if (!text.empty()) return NamesHuman(text) ? std::string() : text;
  if (DcmItem* item = FirstItem(dataset, DCM_PatientSpeciesCodeSequence)) {
    const std::string value = FirstTextUpper(*item, DCM_CodeValue);
    const std::string meaning = FirstTextUpper(*item, DCM_CodeMeaning);
    if (IsOneOf(value, kHumanCodes) || NamesHuman(meaning)) return {};
    if (!value.empty() || !meaning.empty()) return meaning.empty() ? value : meaning;
  }
  const std::string breed = StatedUpper(dataset, DCM_PatientBreedDescription);
  return breed.empty() ? std::string() : absl::StrCat("one with a breed, ", breed);
}

absl::Status RequireUid(DcmItem& dataset, const DcmTagKey& tag, absl::string_view name, std::string& uid) {
  uid = UidText(dataset, tag);
  if (!uid.empty()) return absl::OkStatus();
  const bool stated = !FirstText(dataset, tag).empty();
  return Failure(stated ? FailureReason::kInvalidUid : FailureReason::kMissingUid,
                 absl::StrCat(name, " is ", stated ? "not a UID" : "missing",
                              "; expected digits and dots, 1 to 64 characters, no leading zeros."));
}

}  // namespace

absl::StatusOr<SourceIdentity> ReadIdentity(DcmItem& dataset) {
  SourceIdentity identity;
  absl::Status status =
      RequireUid(dataset, DCM_StudyInstanceUID, "Study Instance UID (0020,000D)", identity.study_instance_uid);
  if (status.ok()) {
    status =
        RequireUid(dataset, DCM_SeriesInstanceUID, "Series Instance UID (0020,000E)", identity.series_instance_uid);
  }
  if (status.ok())
    status = RequireUid(dataset, DCM_SOPInstanceUID, "SOP Instance UID (0008,0018)", identity.sop_instance_uid);
  if (!status.ok()) return status;
  return identity;
}

RadiographFacts ReadFacts(DcmItem& dataset, SourceIdentity identity, const PixelLayout& layout) {
  RadiographFacts facts;
  facts.identity = std::move(identity);
  facts.modality = FirstTextUpper(dataset, DCM_Modality);
  facts.body_part = StatedUpper(dataset, DCM_BodyPartExamined);
  facts.chest_region = CodeIsOneOf(dataset, DCM_AnatomicRegionSequence, kChestCodes, kChestMeanings);
  facts.view_position = StatedUpper(dataset, DCM_ViewPosition);
  facts.orientation =
      ReadOrientation(TextUpperAt(dataset, DCM_PatientOrientation, 0), TextUpperAt(dataset, DCM_PatientOrientation, 1));
  facts.series_view =
      ViewIn(dataset, {DCM_SeriesDescription, DCM_ProtocolName, DCM_AcquisitionDeviceProcessingDescription});
  facts.study_view =
      ViewIn(dataset, {DCM_StudyDescription, DCM_RequestedProcedureDescription, DCM_PerformedProcedureStepDescription});
  facts.species = OtherSpecies(dataset);
  facts.frontal_view = CodeIsOneOf(dataset, DCM_ViewCodeSequence, kFrontalCodes, kFrontalMeanings);
  facts.presentation_intent = FirstTextUpper(dataset, DCM_PresentationIntentType);
  if (facts.presentation_intent.empty() && UidText(dataset, DCM_SOPClassUID) == kDxForProcessing) {
    facts.presentation_intent = "FOR PROCESSING";
  }
  facts.photometric_interpretation = layout.photometric;
  facts.samples_per_pixel = layout.samples;
  facts.frames = static_cast<int>(layout.frames);
  facts.rows = layout.rows;
  facts.columns = layout.columns;
  facts.age_years = ReadAgeYears(dataset);
  return facts;
}

}  // namespace cxr
