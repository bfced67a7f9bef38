// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/train_network.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "service/base/file.h"
#include "service/model/engine/device.h"
#include "trainer/cli/run_folder.h"
#include "trainer/data/csv.h"
#include "trainer/learn/fine_tune_stage.h"
#include "trainer/learn/frozen_stage.h"
#include "trainer/report/environment.h"
#include "trainer/report/training_sheet.h"

namespace cxr {
namespace {

void AppendRows(const std::vector<LabelledImage>& images, absl::string_view used_for, std::string& text) {
  for (const LabelledImage& image : images) {
    absl::StrAppend(&text, CsvField(image.name), ",", PatternName(image.label), ",", CsvField(image.patient), ",",
                    used_for, "\n");
  }
}

absl::Status WriteSplit(const Split& split, const std::string& path) {
  std::string text = "file,label,patient,used_for\n";
  AppendRows(split.training, "training", text);
  AppendRows(split.validation, "validation", text);
  AppendRows(split.test, "test", text);
  return ReplaceFile(path, text);
}

/// What a run's folder says of it before it begins.
absl::Status DescribeRun(const TrainOptions& options, const Split& split, const RunContext& context) {
  if (absl::Status status = WriteSplit(split, options.out + "/split.csv"); !status.ok()) return status;
  if (absl::Status status = ReplaceFile(options.out + "/environment.json", FormatEnvironment(options)); !status.ok())
    return status;
  return DrawTrainingSheet(options, split.training, context, options.out + "/samples.png");
}

}  // namespace

absl::StatusOr<Split> MakeSplit(const TrainOptions& options) {
  const auto images = ListImages(options.data);
  if (!images.ok()) return images.status();
  Split split = SplitAsStated(*images, options.validation_fraction, options.seed);
  if (split.training.empty() || split.validation.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.data, " has too few patients to hold some out for validation"));
  }
  std::fprintf(stderr, "%s for training, %s for validation, %s for test\n", DescribeCount(split.training).c_str(),
               DescribeCount(split.validation).c_str(), DescribeCount(split.test).c_str());
  return split;
}

absl::StatusOr<TrainedNetwork> TrainNetwork(const TrainOptions& options, const Split& split,
                                            const RunContext& context) {
  if (absl::Status status = CheckResumable(options, split); !status.ok()) return status;
  RemoveResults(options);
  if (absl::Status status = DescribeRun(options, split, context); !status.ok()) return status;
  SeedTorch(options.seed);
  at::globalContext().setDeterministicCuDNN(true);  // on a GPU its fastest convolutions add up in any order
  SetIntraOpThreads(options.threads);
  auto network = BuildNetwork(options);
  if (!network.ok()) return network.status();
  const Loss loss(ClassWeights(split.training, options.class_balance), options.label_smoothing,
                  torch::Device(options.device));
  TrainedNetwork trained{*network, Curves(options.out + "/curves.csv")};
  if (options.frozen_epochs > 0 && !Resumes(options)) {
    const absl::Status status = TrainFrozen(options, split.training, loss, context, trained.network, trained.curves);
    if (!status.ok()) return status;
  }
  const absl::Status status = FineTune(options, split, loss, context, trained.network, trained.curves);
  if (!status.ok()) return status;
  return trained;
}

}  // namespace cxr
