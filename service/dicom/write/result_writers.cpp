// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/result_writers.h"

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"

namespace cxr {
namespace {

struct Binding {
  ObjectKind kind;
  absl::StatusOr<DicomObject> (*write)(const WriteInput& in);
};

/// A writer for each row of ResultForms.
constexpr Binding kWriters[] = {
    {ObjectKind::kSecondaryCapture, WriteCapture},
    {ObjectKind::kStructuredReport, WriteReport},
    {ObjectKind::kPresentationState, WritePresentationState},
    {ObjectKind::kParametricMap, WriteParametricMap},
};

}  // namespace

absl::StatusOr<DicomObject> WriteResult(ObjectKind kind, const WriteInput& in) {
  for (const Binding& binding : kWriters) {
    if (binding.kind == kind) return binding.write(in);
  }
  return Failure(FailureReason::kInternal, absl::StrCat("No writer for results of kind ", static_cast<int>(kind), "."));
}

}  // namespace cxr
