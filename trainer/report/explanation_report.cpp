// SPDX-License-Identifier: Apache-2.0
#include "trainer/report/explanation_report.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "service/base/file.h"
#include "service/core/classification.h"
#include "service/imaging/overlay.h"
#include "trainer/judge/bootstrap.h"
#include "trainer/report/contact_sheet.h"
#include "trainer/report/json.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

constexpr int kSharePlaces = 4;  // of the numbers in explain.json

/// One of the four ways in which label and decision of an image meet.
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

/// `wanted` of the indices, evenly spread.
std::vector<std::size_t> EveryNth(const std::vector<std::size_t>& indices, int wanted) {
  const auto count = std::min(indices.size(), static_cast<std::size_t>(wanted));
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(indices[i * indices.size() / count]);
  return chosen;
}

std::vector<std::size_t> Members(const ExplainedImages& explained, Pattern pattern, const Group& group) {
  const auto column = static_cast<std::size_t>(pattern);
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < explained.images.size(); ++i) {
    const bool labelled = explained.images[i].label == pattern;
    const bool predicted = explained.explanations[i].finding == pattern;
    if (labelled == group.labelled && predicted == group.predicted) members.push_back(i);
  }
  std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
    return explained.explanations[a].probabilities[column] > explained.explanations[b].probabilities[column];
  });
  return members;
}

absl::Status Save(const std::string& path, const cv::Mat3b& image) {
  if (!cv::imwrite(path, image)) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

absl::StatusOr<SheetCell> MakeCell(const ExplainedImages& explained, std::size_t index, std::size_t column) {
  const LabelledImage& image = explained.images[index];
  const Explanation& explanation = explained.explanations[index];
  auto pixels = explained.reader.Read(image.path);
  if (!pixels.ok()) return pixels.status();
  const PatternProbabilities& p = explanation.probabilities;
  return SheetCell{
      *std::move(pixels),
      explanation.maps[column],
      {fs::path(image.path).filename().string(),
       absl::StrFormat("predicted %s   B %.2f  N %.2f  V %.2f", PatternName(explanation.finding), p[0], p[1], p[2])}};
}

absl::Status DrawSheet(const SheetOptions& options, const ExplainedImages& explained, Pattern pattern,
                       const Group& group, const std::vector<std::size_t>& members) {
  const std::vector<std::size_t> chosen = EveryNth(members, options.images_per_sheet);
  std::vector<SheetCell> cells;
  for (const std::size_t index : chosen) {
    auto cell = MakeCell(explained, index, static_cast<std::size_t>(pattern));
    if (!cell.ok()) return cell.status();
    cells.push_back(*std::move(cell));
  }
  std::string name = group.file;
  std::replace(name.begin(), name.end(), '_', ' ');
  const std::vector<std::string> title = {
      absl::StrFormat("%s: %s", PatternName(pattern), name),
      absl::StrFormat("%s %s; %d of %d images, falling P(%s). Right: Grad-CAM of %s, each map scaled to its maximum. "
                      "Research use only.",
                      group.meaning, PatternName(pattern), chosen.size(), members.size(), PatternName(pattern),
                      PatternName(pattern))};
  return Save(absl::StrCat(options.folder, "/sheets/", PatternName(pattern), "_", group.file, ".png"),
              DrawContactSheet(title, cells));
}

absl::Status DrawOverlay(const SheetOptions& options, const ExplainedImages& explained, const OverlayRenderer& renderer,
                         std::size_t index) {
  const LabelledImage& image = explained.images[index];
  const Explanation& explanation = explained.explanations[index];
  const auto pixels = explained.reader.Read(image.path);
  if (!pixels.ok()) return pixels.status();
  Analysis analysis;
  analysis.model = explained.model.manifest.info;
  analysis.outcome = Outcome::kAnalysed;
  const ClassMap& map = explanation.maps[static_cast<std::size_t>(explanation.decision.finding)];
  Classification classification;
  classification.calibrated = explanation.probabilities;
  classification.pneumonia_score = PneumoniaScore(explanation.probabilities);
  classification.decision = explanation.decision;
  classification.map = {map.rows,
                        map.columns,
                        map.values,
                        {0, 0, static_cast<double>(pixels->columns), static_cast<double>(pixels->rows)},
                        explanation.decision.finding};
  analysis.classification = classification;
  const MapDisplay display = explanation.decision.negative() ? MapDisplay::kHidden : MapDisplay::kShown;
  auto drawn = renderer.Render(*pixels, analysis, display);
  if (!drawn.ok()) return absl::Status(drawn.status().code(), absl::StrCat(image.path, ": ", drawn.status().message()));
  const cv::Mat3b red_first(drawn->rows, drawn->columns, reinterpret_cast<cv::Vec3b*>(drawn->pixels.data()));
  cv::Mat3b blue_first;
  cv::cvtColor(red_first, blue_first, cv::COLOR_RGB2BGR);
  // By the file's own name: those of a CSV file may be absolute. Its number tells apart files of the same name.
  const std::string name = absl::StrCat(index, "_", fs::path(image.path).filename().string(), ".png");
  return Save(absl::StrCat(options.folder, "/overlays/", PatternName(image.label), "/", name), blue_first);
}

absl::Status DrawOverlays(const SheetOptions& options, const ExplainedImages& explained) {
  const auto renderer = MakeOverlayRenderer({});
  for (const Pattern pattern : kPatterns) {
    fs::create_directories(absl::StrCat(options.folder, "/overlays/", PatternName(pattern)));
    std::vector<std::size_t> own;
    for (std::size_t i = 0; i < explained.images.size(); ++i) {
      if (explained.images[i].label == pattern) own.push_back(i);
    }
    for (const std::size_t index : EveryNth(own, options.overlays)) {
      if (absl::Status status = DrawOverlay(options, explained, *renderer, index); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

/// Draws all sheets. Gives the number of images in each group, by class.
absl::StatusOr<Json> DrawSheets(const SheetOptions& options, const ExplainedImages& explained) {
  fs::create_directories(options.folder + "/sheets");
  Json counts;
  for (const Pattern pattern : kPatterns) {
    Json& own = counts[std::string(PatternName(pattern))];
    for (const Group& group : kGroups) {
      const std::vector<std::size_t> members = Members(explained, pattern, group);
      if (absl::Status status = DrawSheet(options, explained, pattern, group, members); !status.ok()) return status;
      own[group.file] = members.size();
    }
  }
  return counts;
}

Json SharesJson(const ThoraxShares& shares) {
  Json json = {{"pictures", shares.inside.size()}, {"empty_maps", shares.empty_maps}};
  if (shares.inside.empty()) return json;
  const MeanInterval mean = BootstrapMean(shares.inside, shares.patients, {});
  json["activation_inside"] = RoundedJson(mean.mean, kSharePlaces);
  json["activation_inside_interval"] = {RoundedJson(mean.interval.low, kSharePlaces),
                                        RoundedJson(mean.interval.high, kSharePlaces)};
  const auto all = static_cast<double>(shares.inside.size());
  json["peak_inside"] = RoundedJson(static_cast<double>(shares.peaks_inside) / all, kSharePlaces);
  return json;
}

Json ThoraxJson(const ExplainedImages& explained) {
  const ThoraxMask mask;
  Json json = {{"mask", absl::StrFormat("trapezoid, top at %.2f and bottom at %.2f of the height, half-widths there "
                                        "%.2f and %.2f",
                                        mask.top, mask.bottom, mask.top_half_width, mask.bottom_half_width)},
               {"mask_area", RoundedJson(mask.Area(), kSharePlaces)}};
  ThoraxShares both;
  for (const Pattern pattern : {Pattern::kBacteria, Pattern::kVirus}) {
    ThoraxShares own;
    AddThoraxShares(explained.images, explained.explanations, pattern, mask, own);
    AddThoraxShares(explained.images, explained.explanations, pattern, mask, both);
    json[std::string(PatternName(pattern))] = SharesJson(own);
  }
  json["correct_pneumonia"] = SharesJson(both);
  return json;
}

}  // namespace

absl::StatusOr<std::string> WriteExplanation(const SheetOptions& options, const ExplainedImages& explained) {
  const auto groups = DrawSheets(options, explained);
  if (!groups.ok()) return groups.status();
  if (absl::Status status = DrawOverlays(options, explained); !status.ok()) return status;
  const Json json = {{"groups", *groups}, {"thorax", ThoraxJson(explained)}};
  std::string text = json.dump(2) + "\n";
  if (absl::Status status = ReplaceFile(options.folder + "/explain.json", text); !status.ok()) return status;
  return text;
}

}  // namespace cxr
