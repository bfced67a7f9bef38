// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/attribute.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace cxr {
namespace {

// Writing into a data set of our own fails only when memory ends or when we mistake a tag's VR; neither has a way on.
void Require(const OFCondition& condition, const DcmTagKey& tag) {
  if (condition.bad())
    throw std::runtime_error(absl::StrCat("cannot write ", tag.toString().c_str(), ": ", condition.text()));
}

}  // namespace

std::string FirstText(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  if (item.findAndGetOFString(tag, value, 0).bad()) return {};
  return std::string(absl::StripAsciiWhitespace(absl::string_view(value.data(), value.size())));
}

std::string FirstTextUpper(DcmItem& item, const DcmTagKey& tag) {
  return absl::AsciiStrToUpper(FirstText(item, tag));
}

std::string TextUpperAt(DcmItem& item, const DcmTagKey& tag, unsigned long position) {
  OFString value;
  if (item.findAndGetOFString(tag, value, position).bad()) return {};
  return absl::AsciiStrToUpper(absl::StripAsciiWhitespace(absl::string_view(value.data(), value.size())));
}

absl::optional<long> FirstInteger(DcmItem& item, const DcmTagKey& tag) {
  long int value = 0;
  if (item.findAndGetLongInt(tag, value, 0).bad()) return absl::nullopt;
  return value;
}

absl::optional<double> NumberAt(DcmItem& item, const DcmTagKey& tag, unsigned long position) {
  std::string text = TextUpperAt(item, tag, position);
  std::replace(text.begin(), text.end(), ',', '.');
  double value = 0;
  if (!absl::SimpleAtod(text, &value) || !std::isfinite(value)) return absl::nullopt;
  return value;
}

DcmItem* FirstItem(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* first = nullptr;
  return item.findAndGetSequenceItem(sequence, first, 0).good() ? first : nullptr;
}

bool IsUid(absl::string_view uid) {
  if (uid.empty() || uid.size() > 64) return false;
  const std::vector<absl::string_view> components = absl::StrSplit(uid, '.');
  return std::all_of(components.begin(), components.end(), [](absl::string_view component) {
    const bool digits = std::all_of(component.begin(), component.end(),
                                    [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
    return digits && !component.empty() && (component.size() == 1 || component.front() != '0');
  });
}

std::string UidText(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  if (item.findAndGetOFStringArray(tag, value).bad()) return {};
  absl::string_view text(value.data(), value.size());
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  return IsUid(text) ? std::string(text) : std::string();
}

void PutText(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  Require(item.putAndInsertString(tag, value.c_str()), tag);
}

void PutUnsignedShort(DcmItem& item, const DcmTagKey& tag, int value) {
  Require(item.putAndInsertUint16(tag, static_cast<Uint16>(value)), tag);
}

DcmItem& AppendItem(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* appended = nullptr;
  Require(item.findOrCreateSequenceItem(sequence, appended, -2), sequence);
  return *appended;
}

std::string DecimalText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", value);
  std::string decimal(text);
  while (decimal.back() == '0') decimal.pop_back();
  if (decimal.back() == '.') decimal.pop_back();
  if (decimal == "-0") return "0";
  if (decimal.size() > 16) {
    std::snprintf(text, sizeof text, "%.9g", value);
    decimal = text;
  }
  return decimal;
}

}  // namespace cxr
