// SPDX-License-Identifier: Apache-2.0
#include "service/model/model_classifier.h"

#include <exception>
#include <utility>
#include <vector>

#include "service/base/failure.h"
#include "service/imaging/preprocess.h"
#include "service/model/loaded_model.h"

namespace cxr {
namespace {

class ModelClassifier : public Classifier {
 public:
  explicit ModelClassifier(LoadedModel model) : model_(std::move(model)) {}

  [[nodiscard]] const ModelInfo& info() const override { return model_.manifest.info; }

  [[nodiscard]] absl::StatusOr<Classification> Classify(const GrayImage& image, Stopwatch& stopwatch) const override {
    try {
      return ClassifyOrThrow(image, stopwatch);
    } catch (const std::exception& error) {
      stopwatch.End();
      return Failure(FailureReason::kInternal, error.what());
    }
  }

 private:
  Classification ClassifyOrThrow(const GrayImage& image, Stopwatch& stopwatch) const {
    stopwatch.Begin("preprocess");
    const std::vector<float> input = Preprocess(image, {model_.manifest.rows, model_.manifest.columns});
    stopwatch.Begin("features");
    const FeatureBatch features = model_.network->Features({&input});
    stopwatch.Begin("head");
    const HeadPass pass = model_.network->Head(features);
    Classification result;
    result.raw = Softmax(pass.logits()[0], 1);
    result.calibrated = Softmax(pass.logits()[0], model_.manifest.temperature);
    result.pneumonia_score = PneumoniaScore(result.calibrated);
    result.decision = Decide(result.calibrated, model_.manifest.info.points);
    ClassMap map = pass.Maps({static_cast<int>(result.decision.finding)})[0];
    result.map = {map.rows,
                  map.columns,
                  std::move(map.values),
                  {0, 0, static_cast<double>(image.columns), static_cast<double>(image.rows)},
                  result.decision.finding};
    if (model_.outliers.has_value()) result.ood_score = model_.outliers->Score(features.Pooled(0));
    stopwatch.End();
    return result;
  }

  LoadedModel model_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Classifier>> LoadClassifier(const std::string& given, const ClassifierOptions& options) {
  auto model = LoadModel(ModelFolder(given), options.device);
  if (!model.ok()) return model.status();
  return std::make_unique<ModelClassifier>(*std::move(model));
}

}  // namespace cxr
