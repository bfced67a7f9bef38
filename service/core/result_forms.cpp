// SPDX-License-Identifier: Apache-2.0
#include "service/core/result_forms.h"

#include <algorithm>
#include <array>

namespace cxr {
namespace {

// The modality of a capture or a map is not that of its source: nobody shall take one for a radiograph.
constexpr std::array<ResultForm, 4> kForms = {{
    {ObjectKind::kSecondaryCapture, ResultNeeds::kClassification, "secondary capture", "capture", ".sc.dcm",
     "1.2.840.10008.5.1.4.1.1.7", "OT", "CXR triage overlay", 9001},
    {ObjectKind::kStructuredReport, ResultNeeds::kNothing, "structured report", "report", ".sr.dcm",
     "1.2.840.10008.5.1.4.1.1.88.33", "SR", "CXR triage report", 9002},
    {ObjectKind::kPresentationState, ResultNeeds::kClassification, "presentation state", "presentation", ".pr.dcm",
     "1.2.840.10008.5.1.4.1.1.11.1", "PR", "CXR triage outlines", 9003},
    {ObjectKind::kParametricMap, ResultNeeds::kShownMap, "parametric map", "map", ".map.dcm",
     "1.2.840.10008.5.1.4.1.1.30", "OT", "CXR triage activation map", 9004},
}};

}  // namespace

absl::Span<const ResultForm> ResultForms() {
  return kForms;
}

const ResultForm& FormOf(ObjectKind kind) {
  return *FindForm(static_cast<int>(kind));
}

const ResultForm* FindForm(int kind) {
  const auto* found = std::find_if(kForms.begin(), kForms.end(),
                                   [&](const ResultForm& form) { return static_cast<int>(form.kind) == kind; });
  return found == kForms.end() ? nullptr : &*found;
}

ObjectKinds ObjectKinds::All() {
  ObjectKinds all;
  for (const ResultForm& form : kForms) all.Add(form.kind);
  return all;
}

}  // namespace cxr
