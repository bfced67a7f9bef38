// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace cxr {

/// The kinds of DICOM object that results come in. The numbers are those of cxr.v1.ObjectKind.
enum class ObjectKind { kSecondaryCapture = 1, kStructuredReport = 2, kPresentationState = 3, kParametricMap = 4 };

/// The SOP class of reports. The content tree is the same in both.
enum class ReportClass {
  kComprehensive,    ///< 1.2.840.10008.5.1.4.1.1.88.33, which most viewers draw
  kComprehensive3D,  ///< 1.2.840.10008.5.1.4.1.1.88.34, which IHE AI Results asks for
};

/// What a form of result needs in order to exist.
enum class ResultNeeds {
  kNothing,         ///< exists for every radiograph that could be read
  kClassification,  ///< exists for radiographs that were classified
  kShownMap,        ///< exists for radiographs whose activation map is shown
};

/// What is known of one form of result without writing it.
struct ResultForm {
  ObjectKind kind;
  ResultNeeds needs;
  absl::string_view name;           ///< for people, for example "secondary capture"
  absl::string_view stage;          ///< one word: the stage of work that writes it
  absl::string_view file_suffix;    ///< with which files of this kind end, for example ".sc.dcm"
  absl::string_view sop_class_uid;  ///< of reports the one of ReportClass::kComprehensive
  const char* modality;             ///< of its series
  const char* series_description;
  int series_number;
};

/// Every form of result, in the order in which they are written and answered: a further form is a row of this table, a
/// value of cxr.v1.ObjectKind, and a writer (service/dicom/write).
[[nodiscard]] absl::Span<const ResultForm> ResultForms();

/// The form of a kind.
[[nodiscard]] const ResultForm& FormOf(ObjectKind kind);

/// The form whose kind has this number, or null.
[[nodiscard]] const ResultForm* FindForm(int kind);

/// A set of kinds.
class ObjectKinds {
 public:
  constexpr ObjectKinds() = default;
  constexpr ObjectKinds(std::initializer_list<ObjectKind> kinds) {
    for (ObjectKind kind : kinds) Add(kind);
  }

  /// Every kind there is.
  [[nodiscard]] static ObjectKinds All();

  constexpr void Add(ObjectKind kind) { bits_ |= Bit(kind); }
  [[nodiscard]] constexpr bool Has(ObjectKind kind) const { return (bits_ & Bit(kind)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }

  friend constexpr bool operator==(ObjectKinds a, ObjectKinds b) { return a.bits_ == b.bits_; }
  friend constexpr bool operator!=(ObjectKinds a, ObjectKinds b) { return !(a == b); }

 private:
  static constexpr std::uint32_t Bit(ObjectKind kind) { return std::uint32_t{1} << static_cast<unsigned>(kind); }

  std::uint32_t bits_ = 0;
};

/// What is written when nothing else is asked for: capture and report.
inline constexpr ObjectKinds kUsualKinds{ObjectKind::kSecondaryCapture, ObjectKind::kStructuredReport};

}  // namespace cxr
