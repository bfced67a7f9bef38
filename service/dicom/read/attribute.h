// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcitem.h>

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace cxr {

/// The first value of an attribute as text without leading and trailing spaces; empty when absent, empty or not text.
[[nodiscard]] std::string FirstText(DcmItem& item, const DcmTagKey& tag);

/// FirstText in upper case.
[[nodiscard]] std::string FirstTextUpper(DcmItem& item, const DcmTagKey& tag);

/// A value as text in upper case, without leading and trailing spaces; empty when there is none.
[[nodiscard]] std::string TextUpperAt(DcmItem& item, const DcmTagKey& tag, unsigned long position);

/// The first value as an integer (US, SS, UL, SL, IS), or nothing.
[[nodiscard]] absl::optional<long> FirstInteger(DcmItem& item, const DcmTagKey& tag);

/// A value as a finite number, whatever VR it has, or nothing. A comma is taken for the decimal point.
[[nodiscard]] absl::optional<double> NumberAt(DcmItem& item, const DcmTagKey& tag, unsigned long position = 0);

/// The first item of a sequence, or null. Owned by `item`.
[[nodiscard]] DcmItem* FirstItem(DcmItem& item, const DcmTagKey& sequence);

/// Whether `uid` is a UID: one to 64 characters, digits in components separated by single dots, no component of several
/// digits begins with 0 (PS3.5, 9.1).
[[nodiscard]] bool IsUid(absl::string_view uid);

/// The only value of an attribute when it is a UID, otherwise empty.
[[nodiscard]] std::string UidText(DcmItem& item, const DcmTagKey& tag);

/// Writes a text, replacing what is there. The tag must be of a string VR.
void PutText(DcmItem& item, const DcmTagKey& tag, const std::string& value);

/// Writes an unsigned short, replacing what is there.
void PutUnsignedShort(DcmItem& item, const DcmTagKey& tag, int value);

/// Appends an empty item to a sequence, which is created if need be. Owned by `item`.
[[nodiscard]] DcmItem& AppendItem(DcmItem& item, const DcmTagKey& sequence);

/// `value` as a DS: at most 16 characters, six decimals.
[[nodiscard]] std::string DecimalText(double value);

}  // namespace cxr
