// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/train.h"

#include <exception>

#include "service/model/engine/device.h"
#include "trainer/cli/shipping.h"
#include "trainer/cli/training_run.h"

namespace cxr {
namespace {

absl::Status TrainOrThrow(const TrainOptions& options, const StopSignal& stop) {
  CheckDevice(options.device);
  if (absl::Status status = PrepareFolder(options); !status.ok()) return status;
  const auto pictures = PictureReader::Create();
  if (!pictures.ok()) return pictures.status();
  const RunContext context{**pictures, stop, options.threads};
  const auto split = MakeSplit(options);
  if (!split.ok()) return split.status();
  auto network = TrainNetwork(options, *split, context);
  if (!network.ok()) return network.status();
  return Ship(options, *split, context, *network, options.out + "/model");
}

}  // namespace

absl::Status Train(const TrainOptions& options, const StopSignal& stop) {
  try {
    return TrainOrThrow(options, stop);
  } catch (const std::exception& error) {  // LibTorch: no memory left, a device that fails
    const std::string text = error.what();
    return absl::InternalError(text.substr(0, text.find('\n')));
  }
}

}  // namespace cxr
