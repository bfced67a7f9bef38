// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/display/lookup_table.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcelem.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace cxr {
namespace {

constexpr std::size_t kMostEntries = 65536;

absl::Status Malformed() {
  return absl::InvalidArgumentError("descriptor and data of a lookup table contradict each other");
}

/// The LUT data as stored words: OW, US and OB alike. False when there are none.
bool ReadWords(DcmItem& item, std::vector<std::uint16_t>& words) {
  DcmElement* element = nullptr;
  if (item.findAndGetElement(DCM_LUTData, element).bad() || element == nullptr) return false;
  Uint8* bytes = nullptr;
  const std::size_t count = element->getLength() / 2;
  Uint16* values = nullptr;
  Sint16* signed_values = nullptr;
  if (element->getUint16Array(values).good() && values != nullptr) {
    words.assign(values, values + count);
  } else if (element->getSint16Array(signed_values).good() && signed_values != nullptr) {
    words.assign(signed_values, signed_values + count);
  } else if (element->getUint8Array(bytes).good() && bytes != nullptr) {  // written as OB
    for (std::size_t i = 0; i < count; ++i)
      words.push_back(static_cast<std::uint16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8));
  }
  return !words.empty();
}

/// 8-bit entries may be packed two to a word, low byte first.
void Unpack(std::vector<std::uint16_t>& words) {
  std::vector<std::uint16_t> entries;
  entries.reserve(words.size() * 2);
  for (std::uint16_t word : words) {
    entries.push_back(word & 0xff);
    entries.push_back(word >> 8);
  }
  words = std::move(entries);
}

}  // namespace

double StoredLut::Map(double input) const {
  const double index =
      std::clamp(std::floor(input + 0.5) - static_cast<double>(first), 0.0, static_cast<double>(entries.size() - 1));
  return entries[static_cast<std::size_t>(index)];
}

namespace {

bool IsHollow(DcmItem& item) {
  DcmElement* data = nullptr;
  return item.findAndGetElement(DCM_LUTData, data).bad() || data == nullptr || data->getLength() == 0;
}

/// The largest output of entries that use so many bits. What the descriptor states is not asked: devices state 16 bits
/// for entries of 12, which are then nearly black, and fewer than their entries use.
double TopOf(const std::vector<std::uint16_t>& entries) {
  const unsigned largest = *std::max_element(entries.begin(), entries.end());
  return static_cast<double>((1u << std::bit_width(largest)) - 1);
}

absl::StatusOr<StoredLut> ReadItem(DcmItem& item, bool signed_inputs) {
  long int count = 0;
  long int first = 0;
  long int bits = 0;
  const bool described = item.findAndGetLongInt(DCM_LUTDescriptor, count, 0).good() &&
                         item.findAndGetLongInt(DCM_LUTDescriptor, first, 1).good() &&
                         item.findAndGetLongInt(DCM_LUTDescriptor, bits, 2).good();
  StoredLut lut;
  if (!described || bits < 1 || bits > 16 || !ReadWords(item, lut.entries)) return Malformed();
  // The descriptor's VR may be signed for the sake of its second value; the count is unsigned, and 0 means 65,536.
  std::size_t wanted = static_cast<std::size_t>(count) & 0xffff;
  if (wanted == 0) wanted = kMostEntries;
  if (lut.entries.size() < wanted && bits <= 8 && lut.entries.size() * 2 >= wanted) Unpack(lut.entries);
  const bool fits = lut.entries.size() == wanted || lut.entries.size() == wanted + 1;  // one more fills up a word
  if (!fits) return Malformed();
  lut.entries.resize(wanted);
  lut.first = signed_inputs && first > 0x7fff ? first - 0x10000 : first;
  lut.top = TopOf(lut.entries);
  if (lut.top == 0) return Malformed();
  return lut;
}

}  // namespace

absl::StatusOr<absl::optional<StoredLut>> ReadLut(DcmItem& dataset, const DcmTagKey& sequence, bool signed_inputs) {
  constexpr long kMostItems = 16;
  absl::Status malformed;
  DcmItem* item = nullptr;
  for (long i = 0; i < kMostItems && dataset.findAndGetSequenceItem(sequence, item, i).good(); ++i) {
    if (IsHollow(*item)) continue;
    absl::StatusOr<StoredLut> lut = ReadItem(*item, signed_inputs);
    if (lut.ok()) return absl::optional<StoredLut>(*std::move(lut));
    malformed = lut.status();
  }
  if (!malformed.ok()) return malformed;
  return absl::optional<StoredLut>();
}

}  // namespace cxr
