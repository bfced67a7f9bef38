// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/explain.h"

#include <cstdio>
#include <utility>

#include "service/imaging/threads.h"
#include "service/model/loaded_model.h"
#include "trainer/judge/explanation.h"

namespace cxr {

absl::Status Explain(const ExplainOptions& options, const StopSignal& stop) {
  RunImageOperationsOnCallersThread();
  auto images = ListImagesOf(options.data, options.split);
  if (!images.ok()) return images.status();
  const auto reader = ImageReader::Create();
  if (!reader.ok()) return reader.status();
  const auto model = LoadModel(options.model, options.device);
  if (!model.ok()) return model.status();
  auto explanations = ExplainImages(*model, *images, {**reader, stop, options.threads});
  if (!explanations.ok()) return explanations.status();
  const auto json = WriteExplanation(options.sheets, {*model, **reader, *std::move(images), *std::move(explanations)});
  if (!json.ok()) return json.status();
  std::printf("%s", json->c_str());
  return absl::OkStatus();
}

}  // namespace cxr
