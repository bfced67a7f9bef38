// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/core/analyze_radiograph.h"

namespace cxr::test {

/// What the fakes were asked, in order.
class CallLog {
 public:
  void Add(const std::string& call) {
    const std::lock_guard<std::mutex> lock(mutex_);
    calls_.push_back(call);
  }
  [[nodiscard]] std::vector<std::string> calls() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return calls_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> calls_;
};

/// How the fakes behave; set before use. A failure that is not OK is what the step answers with.
struct FakeBehaviour {
  RadiographFacts facts;
  PatternProbabilities probabilities = {0.7, 0.1, 0.2};
  bool blank = false;                ///< whether the image is black; otherwise it runs from black to white
  absl::optional<double> ood_score;  ///< of the classifier
  absl::Status read, decode, classify, regions, render;
  std::map<ObjectKind, absl::Status> write;  ///< failures of the writers
  std::function<void()> while_classifying;   ///< may be empty, may throw, may wait
  CallLog log;
};

/// An eligible chest radiograph of a child of three.
inline RadiographFacts EligibleFacts() {
  RadiographFacts facts;
  facts.identity = {"1.2.3", "1.2.3.4", "1.2.3.4.5"};
  facts.modality = "DX";
  facts.body_part = "CHEST";
  facts.view_position = "PA";
  facts.photometric_interpretation = "MONOCHROME2";
  facts.rows = 40;
  facts.columns = 30;
  facts.age_years = 3;
  return facts;
}

inline ModelInfo FakeModel() {
  return {{"fake", "1.0.0", std::string(64, 'a')},
          {1, 5, "Children of one to five years"},
          {0.5, 0.5},
          OodThresholds{1.2, 1.5}};
}

class FakeRadiograph final : public Radiograph {
 public:
  explicit FakeRadiograph(FakeBehaviour& behaviour) : behaviour_(behaviour) {}

  [[nodiscard]] const RadiographFacts& facts() const override { return behaviour_.facts; }

  [[nodiscard]] absl::StatusOr<GrayImage> DisplayImage() const override {
    behaviour_.log.Add("decode");
    if (!behaviour_.decode.ok()) return behaviour_.decode;
    const auto size =
        static_cast<std::size_t>(behaviour_.facts.rows) * static_cast<std::size_t>(behaviour_.facts.columns);
    std::vector<std::uint8_t> ramp(size);  // an image without contrast would be refused
    for (std::size_t i = 0; i < size; ++i) ramp[i] = static_cast<std::uint8_t>(255 * i / size);
    return GrayImage{behaviour_.facts.rows, behaviour_.facts.columns,
                     behaviour_.blank ? std::vector<std::uint8_t>(size) : ramp};
  }

  [[nodiscard]] absl::StatusOr<DicomObject> Write(ObjectKind kind, const ResultContent& content) const override {
    const ResultForm& form = FormOf(kind);
    behaviour_.log.Add(
        absl::StrCat(form.stage, content.image != nullptr ? " of an image" : "",
                     content.capture == nullptr ? "" : " beside capture " + content.capture->sop_instance_uid));
    const auto failure = behaviour_.write.find(kind);
    if (failure != behaviour_.write.end()) return failure->second;
    const int number = 2 * static_cast<int>(kind);
    return DicomObject{kind, std::string(form.sop_class_uid), absl::StrCat("2.25.", number - 1),
                       absl::StrCat("2.25.", number), absl::StrCat(form.stage, " bytes")};
  }

 private:
  FakeBehaviour& behaviour_;
};

class FakeReader final : public RadiographReader {
 public:
  explicit FakeReader(FakeBehaviour& behaviour) : behaviour_(behaviour) {}

  [[nodiscard]] absl::StatusOr<std::unique_ptr<Radiograph>> Read(absl::string_view /*dicom*/) const override {
    behaviour_.log.Add("read");
    if (!behaviour_.read.ok()) return behaviour_.read;
    return std::unique_ptr<Radiograph>(std::make_unique<FakeRadiograph>(behaviour_));
  }

 private:
  FakeBehaviour& behaviour_;
};

class FakeClassifier final : public Classifier {
 public:
  explicit FakeClassifier(FakeBehaviour& behaviour) : behaviour_(behaviour) {}

  [[nodiscard]] const ModelInfo& info() const override { return info_; }

  [[nodiscard]] absl::StatusOr<Classification> Classify(const GrayImage& image, Stopwatch& stopwatch) const override {
    behaviour_.log.Add("classify");
    stopwatch.Begin("features");
    if (behaviour_.while_classifying) behaviour_.while_classifying();
    if (!behaviour_.classify.ok()) return behaviour_.classify;
    Classification result;
    result.raw = result.calibrated = behaviour_.probabilities;
    result.pneumonia_score = PneumoniaScore(result.calibrated);
    result.decision = Decide(result.calibrated, info_.points);
    result.ood_score = behaviour_.ood_score;
    const auto columns = static_cast<double>(image.columns);
    const auto rows = static_cast<double>(image.rows);
    result.map = {1, 2, {0.25F, 1.0F}, {0, 0, columns, rows}, result.decision.finding};
    return result;
  }

 private:
  FakeBehaviour& behaviour_;
  ModelInfo info_ = FakeModel();
};

class FakeRenderer final : public OverlayRenderer {
 public:
  explicit FakeRenderer(FakeBehaviour& behaviour) : behaviour_(behaviour) {}

  [[nodiscard]] absl::StatusOr<std::vector<Polygon>> SalientRegions(const ActivationMap& /*map*/, int source_rows,
                                                                    int source_columns) const override {
    behaviour_.log.Add("regions " + std::to_string(source_rows) + "x" + std::to_string(source_columns));
    if (!behaviour_.regions.ok()) return behaviour_.regions;
    return std::vector<Polygon>{{{1, 1}, {9, 1}, {9, 9}}};
  }

  [[nodiscard]] absl::StatusOr<RgbImage> Render(const GrayImage& image, const Analysis& /*analysis*/,
                                                MapDisplay map) const override {
    behaviour_.log.Add(map == MapDisplay::kShown ? "render with map" : "render");
    if (!behaviour_.render.ok()) return behaviour_.render;
    const auto size = static_cast<std::size_t>(image.rows) * static_cast<std::size_t>(image.columns) * 3;
    return RgbImage{image.rows, image.columns, std::vector<std::uint8_t>(size, 1)};
  }

 private:
  FakeBehaviour& behaviour_;
};

/// The use case with fakes behind every port; `behaviour` says what they do.
struct FakeTools {
  FakeTools() { behaviour.facts = EligibleFacts(); }
  FakeTools(const FakeTools&) = delete;
  FakeTools& operator=(const FakeTools&) = delete;

  [[nodiscard]] AnalysisTools tools() const { return {&reader, &classifier, &renderer}; }

  FakeBehaviour behaviour;
  FakeReader reader{behaviour};
  FakeClassifier classifier{behaviour};
  FakeRenderer renderer{behaviour};
};

}  // namespace cxr::test
