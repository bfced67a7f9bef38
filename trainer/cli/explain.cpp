// SPDX-License-Identifier: Apache-2.0
#include "trainer/cli/explain.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/core/classification.h"
#include "service/imaging/overlay.h"
#include "service/imaging/threads.h"
#include "service/model/loaded_model.h"
#include "trainer/data/atomic_file.h"
#include "trainer/data/dataset.h"
#include "trainer/data/run_context.h"
#include "trainer/judge/bootstrap.h"
#include "trainer/judge/inference_pass.h"
#include "trainer/judge/thorax_mask.h"
#include "trainer/report/contact_sheet.h"
#include "trainer/report/report.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

struct Explained {
  PatternProbabilities probabilities{};
  Decision decision;
  std::array<ClassMap, kPatternCount> maps;
};

/// Everything the sheets are made of.
struct Material {
  const ExplainOptions& options;
  const LoadedModel& model;
  const PictureReader& pictures;
  std::vector<Sample> samples;
  std::vector<Explained> explained;
};

struct Group {
  const char* file;
  const char* meaning;
  bool labelled;
  bool predicted;
};

constexpr std::array<Group, 4> kGroups = {
    Group{"true_positives", "labelled and predicted", true, true},
    Group{"false_positives", "not labelled, but predicted", false, true},
    Group{"true_negatives", "neither labelled nor predicted", false, false},
    Group{"false_negatives", "labelled, but not predicted", true, false},
};

Explained ExplainOne(const LoadedModel& model, const FeatureBatch& features) {
  const HeadPass pass = model.network->Head(features);
  Explained result;
  result.probabilities = Softmax(pass.logits()[0], model.manifest.temperature);
  result.decision = Decide(result.probabilities, model.manifest.info.operating_point);
  for (std::size_t label = 0; label < kPatternCount; ++label)
    result.maps[label] = pass.Maps({static_cast<int>(label)})[0];
  return result;
}

/// `wanted` of the indices, evenly spread.
std::vector<std::size_t> EveryNth(const std::vector<std::size_t>& indices, int wanted) {
  const auto count = std::min(indices.size(), static_cast<std::size_t>(wanted));
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(indices[i * indices.size() / count]);
  return chosen;
}

std::vector<std::size_t> Members(const Material& material, Pattern pattern, const Group& group) {
  const auto column = static_cast<std::size_t>(pattern);
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < material.samples.size(); ++i) {
    const bool labelled = material.samples[i].label == pattern;
    const bool predicted = material.explained[i].decision.finding == pattern;
    if (labelled == group.labelled && predicted == group.predicted) members.push_back(i);
  }
  std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
    return material.explained[a].probabilities[column] > material.explained[b].probabilities[column];
  });
  return members;
}

absl::Status Save(const std::string& path, const cv::Mat3b& picture) {
  if (!cv::imwrite(path, picture)) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

absl::StatusOr<SheetCell> MakeCell(const Material& material, std::size_t index, std::size_t column) {
  const Sample& sample = material.samples[index];
  const Explained& explained = material.explained[index];
  auto film = material.pictures.Read(sample.path);
  if (!film.ok()) return film.status();
  const PatternProbabilities& p = explained.probabilities;
  return SheetCell{*std::move(film),
                   explained.maps[column],
                   {fs::path(sample.path).filename().string(),
                    absl::StrFormat("predicted %s   B %.2f  N %.2f  V %.2f", PatternName(explained.decision.finding),
                                    p[0], p[1], p[2])}};
}

absl::Status DrawSheet(const Material& material, Pattern pattern, const Group& group,
                       const std::vector<std::size_t>& members) {
  const std::vector<std::size_t> chosen = EveryNth(members, material.options.pictures_per_sheet);
  std::vector<SheetCell> cells;
  for (const std::size_t index : chosen) {
    auto cell = MakeCell(material, index, static_cast<std::size_t>(pattern));
    if (!cell.ok()) return cell.status();
    cells.push_back(*std::move(cell));
  }
  std::string name = group.file;
  std::replace(name.begin(), name.end(), '_', ' ');
  const std::vector<std::string> title = {
      absl::StrFormat("%s: %s", PatternName(pattern), name),
      absl::StrFormat("%s %s; %d of %d pictures, falling P(%s). Right: Grad-CAM of %s, each map scaled to its maximum. "
                      "Research use only.",
                      group.meaning, PatternName(pattern), chosen.size(), members.size(), PatternName(pattern),
                      PatternName(pattern))};
  return Save(absl::StrCat(material.options.out, "/sheets/", PatternName(pattern), "_", group.file, ".png"),
              DrawContactSheet(title, cells));
}

absl::Status DrawOverlay(const Material& material, const OverlayRenderer& renderer, std::size_t index) {
  const Sample& sample = material.samples[index];
  const Explained& explained = material.explained[index];
  const auto film = material.pictures.Read(sample.path);
  if (!film.ok()) return film.status();
  Analysis analysis;
  analysis.model = material.model.manifest.info;
  analysis.outcome = Outcome::kAnalysed;
  const ClassMap& map = explained.maps[static_cast<std::size_t>(explained.decision.finding)];
  Classification classification;
  classification.calibrated = explained.probabilities;
  classification.pneumonia_score = PneumoniaScore(explained.probabilities);
  classification.decision = explained.decision;
  classification.map = {map.rows,
                        map.columns,
                        map.values,
                        {0, 0, static_cast<double>(film->columns), static_cast<double>(film->rows)},
                        explained.decision.finding};
  analysis.classification = classification;
  auto picture = renderer.Render(*film, analysis);
  if (!picture.ok())
    return absl::Status(picture.status().code(), absl::StrCat(sample.path, ": ", picture.status().message()));
  const cv::Mat3b red_first(picture->rows, picture->columns, reinterpret_cast<cv::Vec3b*>(picture->pixels.data()));
  cv::Mat3b blue_first;
  cv::cvtColor(red_first, blue_first, cv::COLOR_RGB2BGR);
  // By the file's own name: those of a CSV file may be absolute. Its number tells apart files of the same name.
  const std::string name = absl::StrCat(index, "_", fs::path(sample.path).filename().string(), ".png");
  return Save(absl::StrCat(material.options.out, "/overlays/", PatternName(sample.label), "/", name), blue_first);
}

absl::Status DrawOverlays(const Material& material) {
  const auto renderer = MakeOverlayRenderer({});
  for (const Pattern pattern : kPatterns) {
    fs::create_directories(absl::StrCat(material.options.out, "/overlays/", PatternName(pattern)));
    std::vector<std::size_t> own;
    for (std::size_t i = 0; i < material.samples.size(); ++i) {
      if (material.samples[i].label == pattern) own.push_back(i);
    }
    for (const std::size_t index : EveryNth(own, material.options.overlays)) {
      if (absl::Status status = DrawOverlay(material, *renderer, index); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

struct Shares {
  std::vector<double> inside;
  std::vector<std::string> patients;
  std::size_t peaks = 0;
  std::size_t empty = 0;  ///< maps that are zero everywhere
};

/// Of correctly classified pictures of `pattern`.
void Collect(const Material& material, Pattern pattern, Shares& shares) {
  const ThoraxMask mask;
  for (std::size_t i = 0; i < material.samples.size(); ++i) {
    if (material.samples[i].label != pattern || material.explained[i].decision.finding != pattern) continue;
    const ClassMap& map = material.explained[i].maps[static_cast<std::size_t>(pattern)];
    const auto share = ShareInside(map, mask);
    if (!share.has_value()) {
      ++shares.empty;
      continue;
    }
    shares.inside.push_back(*share);
    shares.patients.push_back(material.samples[i].patient);
    if (PeakInside(map, mask)) ++shares.peaks;
  }
}

std::string SharesJson(const Shares& shares) {
  if (shares.inside.empty()) return absl::StrFormat("{\"pictures\": 0, \"empty_maps\": %d}", shares.empty);
  const MeanInterval mean = BootstrapMean(shares.inside, shares.patients, {});
  return absl::StrFormat(
      "{\"pictures\": %d, \"empty_maps\": %d, \"activation_inside\": %.4f, \"activation_inside_interval\": [%.4f, "
      "%.4f], \"peak_inside\": %.4f}",
      shares.inside.size(), shares.empty, mean.mean, mean.interval.low, mean.interval.high,
      static_cast<double>(shares.peaks) / static_cast<double>(shares.inside.size()));
}

std::string ThoraxJson(const Material& material) {
  const ThoraxMask mask;
  std::string json = absl::StrFormat(
      "{\n    \"mask\": \"trapezoid, top at %.2f and bottom at %.2f of the height, half-widths there %.2f and %.2f\",\n"
      "    \"mask_area\": %.4f",
      mask.top, mask.bottom, mask.top_half_width, mask.bottom_half_width, mask.Area());
  Shares both;
  for (const Pattern pattern : {Pattern::kBacteria, Pattern::kVirus}) {
    Shares own;
    Collect(material, pattern, own);
    Collect(material, pattern, both);
    absl::StrAppend(&json, ",\n    \"", PatternName(pattern), "\": ", SharesJson(own));
  }
  absl::StrAppend(&json, ",\n    \"correct_pneumonia\": ", SharesJson(both), "\n  }");
  return json;
}

absl::Status DrawAll(const Material& material) {
  fs::create_directories(material.options.out + "/sheets");
  std::string groups;
  for (const Pattern pattern : kPatterns) {
    absl::StrAppend(&groups, groups.empty() ? "" : ",\n", "    \"", PatternName(pattern), "\": {");
    for (const Group& group : kGroups) {
      const std::vector<std::size_t> members = Members(material, pattern, group);
      if (absl::Status status = DrawSheet(material, pattern, group, members); !status.ok()) return status;
      absl::StrAppend(&groups, &group == kGroups.data() ? "" : ", ", "\"", group.file, "\": ", members.size());
    }
    groups += "}";
  }
  if (absl::Status status = DrawOverlays(material); !status.ok()) return status;
  const std::string json =
      absl::StrCat("{\n  \"groups\": {\n", groups, "\n  },\n  \"thorax\": ", ThoraxJson(material), "\n}\n");
  std::printf("%s", json.c_str());
  return WriteFile(material.options.out + "/explain.json", json);
}

absl::Status ExplainOrThrow(const ExplainOptions& options, const StopSignal& stop) {
  RunPictureOperationsOnCallersThread();
  auto samples = ListSamplesOf(options.data, options.split);
  if (!samples.ok()) return samples.status();
  const auto pictures = PictureReader::Create();
  if (!pictures.ok()) return pictures.status();
  const auto model = LoadModel(options.model, options.device);
  if (!model.ok()) return model.status();
  Material material{options, *model, **pictures, *std::move(samples), {}};
  material.explained.resize(material.samples.size());
  const RunContext context{**pictures, stop, options.threads};
  const InputSize size{model->manifest.rows, model->manifest.columns};
  const absl::Status status = RunFeatures(
      *model->network, material.samples.size(), "explain", context,
      [&](std::size_t index) { return LoadInput(**pictures, material.samples[index], size); },
      [&](std::size_t index, const FeatureBatch& features) {
        material.explained[index] = ExplainOne(*model, features);
      });
  if (!status.ok()) return status;
  return DrawAll(material);
}

}  // namespace

absl::Status Explain(const ExplainOptions& options, const StopSignal& stop) {
  try {
    return ExplainOrThrow(options, stop);
  } catch (const std::exception& error) {  // OpenCV, LibTorch, folders that cannot be made
    const std::string text = error.what();
    return absl::InternalError(text.substr(0, text.find('\n')));
  }
}

}  // namespace cxr
