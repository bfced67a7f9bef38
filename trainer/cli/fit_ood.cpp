// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/fit_ood.h"

#include "absl/strings/str_cat.h"

namespace cxr {

absl::Status FitOod(const FitOodOptions& options, const StopSignal& stop) {
  const auto images = ListImages(options.data);
  if (!images.ok()) return images.status();
  const Split split = SplitByPatient(*images, options.validation_fraction, options.seed);
  if (split.validation.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(options.data, " has too few patients to choose a threshold on"));
  }
  const auto reader = ImageReader::Create();
  if (!reader.ok()) return reader.status();
  return FitOutlierScore(options.fit, split, {**reader, stop, options.threads});
}

}  // namespace cxr
