// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>

#include <string>
#include <vector>

namespace cxr {

/// Copies attributes from a source to a result, byte by byte, and leaves out what is invalid for its VR (PS3.5, 6.2):
/// an error in the source must not become one in the result.
class AttributeCopier {
 public:
  /// Copies SpecificCharacterSet (0008,0005), on which the validity of text depends. All three must outlive the copier.
  AttributeCopier(DcmItem& source, DcmDataset& result, std::vector<std::string>& left_out);

  /// Copies a text attribute if it is present, not empty and valid. Returns whether it was.
  bool Copy(const DcmTagKey& tag) { return CopyBetween(source_, result_, tag); }

  /// Copies a text attribute by which archives file an instance, byte by byte and whether valid or not: a result must
  /// lie beside its source. Text that is not ASCII brings the source's character set with it, known or not.
  void CopyIdentifier(const DcmTagKey& tag);

  /// Copies `leaves` from an item of the source to an item of the result. Returns whether that then holds all of
  /// `required` and at least one leaf. An entity's identifier stays only with its type (PS3.3, table 10-17), and text
  /// of an item that has a character set of its own is not copied.
  [[nodiscard]] bool CopyItem(DcmItem& from, DcmItem& to, const std::vector<DcmTagKey>& leaves,
                              const std::vector<DcmTagKey>& required);

  /// Copies a sequence, of each item only `leaves`, if CopyItem succeeds for every item.
  void CopySequence(const DcmTagKey& sequence, const std::vector<DcmTagKey>& leaves,
                    const std::vector<DcmTagKey>& required);

  /// The value of an attribute if it is present and valid, otherwise empty.
  [[nodiscard]] std::string ValidText(const DcmTagKey& tag);

  /// Notes that an attribute is left out.
  void LeaveOut(const DcmTagKey& tag);

 private:
  bool CopyBetween(DcmItem& from, DcmItem& to, const DcmTagKey& tag);
  [[nodiscard]] bool IsValid(const std::string& text, const DcmTagKey& tag) const;

  DcmItem& source_;
  DcmDataset& result_;
  std::vector<std::string>& left_out_;
  std::string character_set_;  ///< as copied; empty when there is none, or none that is known
};

}  // namespace cxr
