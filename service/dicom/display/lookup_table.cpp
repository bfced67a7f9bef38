// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/display/lookup_table.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcelem.h>

#include <algorithm>
#include <cmath>

namespace cxr {
namespace {

constexpr std::size_t kMostEntries = 65536;

absl::Status Malformed() {
  return absl::InvalidArgumentError("descriptor and data of a lookup table contradict each other");
}

/// The LUT data as stored words: OW and US alike. False when there are none.
bool ReadWords(DcmItem& item, std::vector<std::uint16_t>& words) {
  DcmElement* element = nullptr;
  if (item.findAndGetElement(DCM_LUTData, element).bad() || element == nullptr) return false;
  const std::size_t count = element->getLength() / 2;
  Uint16* values = nullptr;
  Sint16* signed_values = nullptr;
  if (element->getUint16Array(values).good() && values != nullptr) {
    words.assign(values, values + count);
  } else if (element->getSint16Array(signed_values).good() && signed_values != nullptr) {
    words.assign(signed_values, signed_values + count);
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

absl::StatusOr<absl::optional<StoredLut>> ReadLut(DcmItem& dataset, const DcmTagKey& sequence, bool signed_inputs) {
  DcmItem* item = FirstItem(dataset, sequence);
  if (item == nullptr) return absl::optional<StoredLut>();
  long int count = 0;
  long int first = 0;
  long int bits = 0;
  const bool described = item->findAndGetLongInt(DCM_LUTDescriptor, count, 0).good() &&
                         item->findAndGetLongInt(DCM_LUTDescriptor, first, 1).good() &&
                         item->findAndGetLongInt(DCM_LUTDescriptor, bits, 2).good();
  StoredLut lut;
  if (!described || bits < 1 || bits > 16 || !ReadWords(*item, lut.entries)) return Malformed();
  // The descriptor's VR may be signed for the sake of its second value; the count is unsigned, and 0 means 65,536.
  std::size_t wanted = static_cast<std::size_t>(count) & 0xffff;
  if (wanted == 0) wanted = kMostEntries;
  if (lut.entries.size() < wanted && bits <= 8 && lut.entries.size() * 2 >= wanted) Unpack(lut.entries);
  if (lut.entries.size() < wanted) return Malformed();
  lut.entries.resize(wanted);
  lut.first = signed_inputs && first > 0x7fff ? first - 0x10000 : first;
  // Some devices state fewer bits than their entries use.
  const double stated = std::ldexp(1.0, static_cast<int>(bits)) - 1;
  const std::uint16_t largest = *std::max_element(lut.entries.begin(), lut.entries.end());
  lut.top = largest > stated ? 65535.0 : stated;
  return absl::optional<StoredLut>(std::move(lut));
}

}  // namespace cxr
