// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/fit_ood.h"

#include <exception>

#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

absl::Status FitOrThrow(const FitOodOptions& options, const StopSignal& stop) {
  const auto samples = ListSamples(options.data);
  if (!samples.ok()) return samples.status();
  const Split split = SplitByPatient(*samples, options.validation_fraction, options.seed);
  if (split.validation.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(options.data, " has too few patients to choose a threshold on"));
  }
  const auto pictures = PictureReader::Create();
  if (!pictures.ok()) return pictures.status();
  return FitOutlierScore(options.fit, split, {**pictures, stop, options.threads});
}

}  // namespace

absl::Status FitOod(const FitOodOptions& options, const StopSignal& stop) {
  try {
    return FitOrThrow(options, stop);
  } catch (const std::exception& error) {  // LibTorch
    const std::string text = error.what();
    return absl::InternalError(text.substr(0, text.find('\n')));
  }
}

}  // namespace cxr
