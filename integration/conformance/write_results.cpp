// SPDX-License-Identifier: Apache-2.0
// cxr-conformance-results: puts DICOM sources through the use case, in one process, and writes all results where
// validators can read them.
//
// Usage: cxr-conformance-results [MODEL FOLDER] < WORK
// WORK holds one line for each source, its fields separated by tabs:
//   source file, folder for its results (made if missing), finding, report class (COMPREHENSIVE or COMPREHENSIVE_3D)
// The finding is BACTERIA, NORMAL, VIRUS or INDETERMINATE, or MODEL: then the model in the folder decides.
// For each line, one line comes out: folder, outcome and finding, or folder, "refused" and the reason's name; beside
// the results lies analysis.json, what they were made from. Exit status: 0 done, 1 something failed without a name, 2
// usage.
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "integration/conformance/fixed_classifier.h"
#include "service/base/failure.h"
#include "service/core/analyze_radiograph.h"
#include "service/dicom/dicom_reader.h"
#include "service/imaging/overlay.h"
#include "service/model/model_classifier.h"

namespace cxr {
namespace {

struct Work {
  std::string source;
  std::filesystem::path folder;
  std::string finding;
  std::string report_class;
};

template <typename T>
T Need(absl::StatusOr<T> value) {
  if (!value.ok()) throw std::runtime_error(std::string(value.status().message()));
  return *std::move(value);
}

std::unique_ptr<RadiographReader> Reader(ReportClass report_class) {
  DicomSettings settings;
  settings.write.digest = "conformance";
  settings.write.report_class = report_class;
  settings.write.clock = [] { return DateTime{"20240102", "030405"}; };  // equal runs write equal bytes
  return Need(MakeDicomReader(std::move(settings)));
}

class Tools {
 public:
  explicit Tools(const std::string& model) {
    if (!model.empty()) model_ = Need(LoadClassifier(model, {}));
  }

  [[nodiscard]] AnalysisTools For(const Work& work) const {
    return {work.report_class == "COMPREHENSIVE_3D" ? reader_3d_.get() : reader_.get(), &ClassifierFor(work.finding),
            renderer_.get()};
  }

  [[nodiscard]] const OverlayOptions& overlay() const { return overlay_; }

 private:
  [[nodiscard]] const Classifier& ClassifierFor(const std::string& finding) const {
    const auto fixed = fixed_.find(finding);
    if (fixed != fixed_.end()) return fixed->second;
    if (finding != "MODEL" || model_ == nullptr) throw std::runtime_error("no classifier for the finding " + finding);
    return *model_;
  }

  OverlayOptions overlay_;
  std::unique_ptr<RadiographReader> reader_ = Reader(ReportClass::kComprehensive);
  std::unique_ptr<RadiographReader> reader_3d_ = Reader(ReportClass::kComprehensive3D);
  /// No two probabilities are alike, and none is a round number of percent.
  std::map<std::string, FixedClassifier> fixed_ = {
      {"BACTERIA", FixedClassifier({0.8734604, 0.0314159, 0.0951237})},
      {"NORMAL", FixedClassifier({0.0951237, 0.8311239, 0.0737524})},
      {"VIRUS", FixedClassifier({0.0951237, 0.0314159, 0.8734604})},
      {"INDETERMINATE", FixedClassifier({0.3051237, 0.4634604, 0.2314159})}};
  std::unique_ptr<OverlayRenderer> renderer_ = MakeOverlayRenderer(overlay_);
  std::unique_ptr<Classifier> model_;
};

void WriteFile(const std::filesystem::path& path, absl::string_view content) {
  std::ofstream file(path, std::ios::binary);
  if (!file.write(content.data(), static_cast<std::streamsize>(content.size())).flush()) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

nlohmann::json Describe(const Analysis& analysis, double threshold) {
  nlohmann::json json{{"outcome", std::string(OutcomeName(analysis.outcome))}};
  if (!analysis.classification.has_value()) return json;
  const Classification& classification = *analysis.classification;
  const ActivationMap& map = classification.map;
  json["finding"] = std::string(PatternName(classification.decision.finding));
  json["conclusion"] = std::string(ConclusionName(classification.decision.conclusion));
  json["probabilities"] = classification.calibrated;
  json["threshold"] = threshold;
  json["map"] = {{"rows", map.rows}, {"columns", map.columns}, {"values", map.values}};
  json["box"] = {map.source_box.left, map.source_box.top, map.source_box.width, map.source_box.height};
  return json;
}

std::string Process(const Work& work, const Tools& tools) {
  std::ifstream stream(work.source, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + work.source);
  const std::string bytes(std::istreambuf_iterator<char>(stream), {});
  Stopwatch stopwatch;
  const absl::StatusOr<AnalysisResult> result =
      AnalyzeRadiograph(bytes, tools.For(work), {}, ObjectKinds::All(), stopwatch);
  if (!result.ok()) {
    const absl::optional<FailureReason> reason = FailureReasonOf(result.status());
    if (!reason.has_value() || *reason == FailureReason::kInternal) {
      throw std::runtime_error(absl::StrCat(work.source, ": ", result.status().message()));
    }
    return absl::StrCat(work.folder.string(), "\trefused\t", FailureReasonName(*reason));
  }
  std::filesystem::create_directories(work.folder);
  for (const DicomObject& object : result->objects) {
    WriteFile(work.folder / absl::StrCat(FormOf(object.kind).stage, ".dcm"), object.content);
  }
  const Analysis& analysis = result->analysis;
  WriteFile(work.folder / "analysis.json", Describe(analysis, tools.overlay().threshold).dump());
  return absl::StrCat(
      work.folder.string(), "\t", OutcomeName(analysis.outcome), "\t",
      analysis.classification.has_value() ? PatternName(analysis.classification->decision.finding) : "none");
}

int Run(const std::string& model) {
  const Tools tools(model);
  for (std::string line; std::getline(std::cin, line);) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (fields.size() != 4) throw std::runtime_error("four fields are expected in the line: " + line);
    std::cout << Process({fields[0], fields[1], fields[2], fields[3]}, tools) << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace cxr

int main(int argc, char** argv) {
  if (argc > 2) {
    std::cerr << "Usage: cxr-conformance-results [MODEL FOLDER] < WORK\n";
    return 2;
  }
  try {
    return cxr::Run(argc == 2 ? argv[1] : "");
  } catch (const std::exception& error) {
    std::cerr << "cxr-conformance-results: " << error.what() << "\n";
    return 1;
  }
}
