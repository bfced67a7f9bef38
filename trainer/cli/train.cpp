// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/train.h"

#include "service/model/engine/device.h"
#include "trainer/cli/judged_model.h"
#include "trainer/cli/run_folder.h"
#include "trainer/cli/train_network.h"

namespace cxr {

absl::Status Train(const TrainOptions& options, const StopSignal& stop) {
  CheckDevice(options.device);
  if (absl::Status status = RefuseInterruptedRun(options, TrainedMarker(options)); !status.ok()) return status;
  if (absl::Status status = PrepareFolder(options); !status.ok()) return status;
  const auto reader = ImageReader::Create();
  if (!reader.ok()) return reader.status();
  const RunContext context{**reader, stop, options.threads};
  const auto split = MakeSplit(options);
  if (!split.ok()) return split.status();
  const auto trained = TrainNetwork(options, *split, context);
  if (!trained.ok()) return trained.status();
  return WriteJudgedModel(options, *split, context, trained->network, &trained->curves, options.out + "/model");
}

}  // namespace cxr
