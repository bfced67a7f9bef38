// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/attribute_copier.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcelem.h>

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/character_mask.h"

namespace cxr {
namespace {

constexpr unsigned long kMostItems = 8;
constexpr std::size_t kLongestValue = 10240;  // of an LT; UT alone could be longer

// PS3.3 C.12.1.1.2; ISO_IR 6 is the default and not a defined term, but is written.
constexpr std::array<absl::string_view, 34> kCharacterSets = {"",
                                                              "ISO_IR 6",
                                                              "ISO_IR 100",
                                                              "ISO_IR 101",
                                                              "ISO_IR 109",
                                                              "ISO_IR 110",
                                                              "ISO_IR 144",
                                                              "ISO_IR 127",
                                                              "ISO_IR 126",
                                                              "ISO_IR 138",
                                                              "ISO_IR 148",
                                                              "ISO_IR 13",
                                                              "ISO_IR 166",
                                                              "ISO_IR 192",
                                                              "ISO_IR 203",
                                                              "GB18030",
                                                              "GBK",
                                                              "ISO 2022 IR 6",
                                                              "ISO 2022 IR 100",
                                                              "ISO 2022 IR 101",
                                                              "ISO 2022 IR 109",
                                                              "ISO 2022 IR 110",
                                                              "ISO 2022 IR 144",
                                                              "ISO 2022 IR 127",
                                                              "ISO 2022 IR 126",
                                                              "ISO 2022 IR 138",
                                                              "ISO 2022 IR 148",
                                                              "ISO 2022 IR 13",
                                                              "ISO 2022 IR 166",
                                                              "ISO 2022 IR 87",
                                                              "ISO 2022 IR 159",
                                                              "ISO 2022 IR 149",
                                                              "ISO 2022 IR 58",
                                                              "ISO 2022 IR 203"};

bool IsCharacterSet(absl::string_view value) {
  const std::vector<absl::string_view> terms = absl::StrSplit(value, '\\');
  return std::all_of(terms.begin(), terms.end(), [](absl::string_view term) {
    return std::find(kCharacterSets.begin(), kCharacterSets.end(), absl::StripAsciiWhitespace(term)) !=
           kCharacterSets.end();
  });
}

/// The bytes of a text attribute, whatever string VR the source gave it, without padding.
std::string RawText(DcmItem& item, const DcmTagKey& tag) {
  DcmElement* element = nullptr;
  char* value = nullptr;
  Uint32 length = 0;
  if (item.findAndGetElement(tag, element).bad() || element->getString(value, length).bad() || value == nullptr)
    return {};
  absl::string_view text(value, length);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  return std::string(text);
}

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Value multiplicity (PS3.6) of the attributes that are copied.
const char* Multiplicity(const DcmTagKey& tag) {
  if (tag == DCM_PixelSpacing || tag == DCM_ImagerPixelSpacing || tag == DCM_PatientOrientation) return "2";
  const bool many = tag == DCM_OtherPatientNames || tag == DCM_PhysiciansOfRecord ||
                    tag == DCM_NameOfPhysiciansReadingStudy || tag == DCM_AdmittingDiagnosesDescription ||
                    tag == DCM_DeidentificationMethod || tag == DCM_SoftwareVersions ||
                    tag == DCM_LossyImageCompressionRatio || tag == DCM_LossyImageCompressionMethod;
  return many ? "1-n" : "1";
}

/// The only values PS3.3 allows; nothing where it allows others.
std::vector<absl::string_view> EnumeratedValues(const DcmTagKey& tag) {
  if (tag == DCM_PatientSex) return {"M", "F", "O"};
  if (tag == DCM_PatientIdentityRemoved) return {"YES", "NO"};
  if (tag == DCM_LongitudinalTemporalInformationModified) return {"UNMODIFIED", "MODIFIED", "REMOVED"};
  if (tag == DCM_LossyImageCompression) return {"00", "01"};
  if (tag == DCM_UniversalEntityIDType) return {"DNS", "EUI64", "ISO", "URI", "UUID", "X400", "X500"};
  return {};
}

/// Most characters of a value (PS3.5, table 6.2-1), where DCMTK does not check it; of a person name, in each group.
std::size_t LongestText(DcmEVR vr) {
  switch (vr) {
    case EVR_SH:
      return 16;
    case EVR_LO:
    case EVR_PN:
      return 64;
    case EVR_ST:
      return 1024;
    default:
      return kLongestValue;
  }
}

/// Whether every value, or group of a person name, is of accepted length; a byte is a character.
bool LengthsAreValid(absl::string_view text, DcmEVR vr) {
  const bool many = vr == EVR_SH || vr == EVR_LO || vr == EVR_PN;
  std::size_t count = 0;
  for (char c : text) {
    if ((many && c == '\\') || (vr == EVR_PN && c == '=')) {
      count = 0;
    } else if (++count > LongestText(vr)) {
      return false;
    }
  }
  return true;
}

}  // namespace

AttributeCopier::AttributeCopier(DcmItem& source, DcmDataset& result, std::vector<std::string>& left_out)
    : source_(source), result_(result), left_out_(left_out) {
  const std::string character_set = RawText(source, DCM_SpecificCharacterSet);
  if (character_set.empty()) return;
  if (!IsCharacterSet(character_set)) {
    LeaveOut(DCM_SpecificCharacterSet);
    return;
  }
  PutText(result, DCM_SpecificCharacterSet, character_set);
  character_set_ = character_set;
}

void AttributeCopier::CopyIdentifier(const DcmTagKey& tag) {
  const std::string text = RawText(source_, tag);
  if (text.empty()) return;
  // Without the character set of the source, even one that is misspelt, an archive would read the bytes otherwise.
  const std::string character_set = RawText(source_, DCM_SpecificCharacterSet);
  if (!IsAscii(text) && character_set_.empty() && !character_set.empty())
    (void)result_.putAndInsertString(DCM_SpecificCharacterSet, character_set.data(),
                                     static_cast<Uint32>(character_set.size()));
  (void)result_.putAndInsertString(tag, text.data(), static_cast<Uint32>(text.size()));
}

void AttributeCopier::LeaveOut(const DcmTagKey& tag) {
  left_out_.push_back(absl::StrCat(DcmTag(tag).getTagName(), " ", tag.toString().c_str()));
}

bool AttributeCopier::IsValid(const std::string& text, const DcmTagKey& tag) const {
  if (text.size() > kLongestValue || (character_set_.empty() && !IsAscii(text))) return false;
  const std::vector<absl::string_view> enumerated = EnumeratedValues(tag);
  if (!enumerated.empty())
    return std::find(enumerated.begin(), enumerated.end(), absl::StripAsciiWhitespace(text)) != enumerated.end();
  const std::string masked = MaskCharacters(text, character_set_);
  DcmDataset scratch;
  DcmElement* element = nullptr;
  return LengthsAreValid(masked, DcmTag(tag).getEVR()) && scratch.putAndInsertString(tag, masked.c_str()).good() &&
         scratch.findAndGetElement(tag, element).good() && element->checkValue(Multiplicity(tag)).good();
}

bool AttributeCopier::CopyBetween(DcmItem& from, DcmItem& to, const DcmTagKey& tag) {
  const std::string text = RawText(from, tag);
  if (text.empty()) return false;
  if (IsValid(text, tag) && to.putAndInsertString(tag, text.data(), static_cast<Uint32>(text.size())).good())
    return true;
  to.findAndDeleteElement(tag);
  LeaveOut(tag);
  return false;
}

bool AttributeCopier::CopyItem(DcmItem& from, DcmItem& to, const std::vector<DcmTagKey>& leaves,
                               const std::vector<DcmTagKey>& required) {
  if (from.tagExists(DCM_SpecificCharacterSet) &&
      RawText(from, DCM_SpecificCharacterSet) != RawText(source_, DCM_SpecificCharacterSet)) {
    return false;
  }
  for (const DcmTagKey& leaf : leaves) CopyBetween(from, to, leaf);
  if (to.tagExists(DCM_UniversalEntityID) != to.tagExists(DCM_UniversalEntityIDType)) {
    for (const DcmTagKey& half : {DCM_UniversalEntityID, DCM_UniversalEntityIDType}) {
      if (to.tagExists(half)) LeaveOut(half);
      to.findAndDeleteElement(half);
    }
  }
  return to.card() > 0 &&
         std::all_of(required.begin(), required.end(), [&](const DcmTagKey& tag) { return to.tagExists(tag); });
}

void AttributeCopier::CopySequence(const DcmTagKey& sequence, const std::vector<DcmTagKey>& leaves,
                                   const std::vector<DcmTagKey>& required) {
  DcmItem* from = nullptr;
  for (unsigned long i = 0;
       i < kMostItems && source_.findAndGetSequenceItem(sequence, from, static_cast<long>(i)).good(); ++i) {
    if (CopyItem(*from, AppendItem(result_, sequence), leaves, required)) continue;
    result_.findAndDeleteElement(sequence);
    LeaveOut(sequence);
    return;
  }
}

std::string AttributeCopier::ValidText(const DcmTagKey& tag) {
  DcmDataset scratch;
  return CopyBetween(source_, scratch, tag) ? RawText(scratch, tag) : std::string();
}

}  // namespace cxr
