// SPDX-License-Identifier: Apache-2.0
#include "service/model/manifest.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "service/base/sha256.h"
#include "service/core/pattern.h"
#include "service/model/strict_json.h"

namespace cxr {
namespace {

using nlohmann::json;

constexpr int kFormat = 1;
constexpr char kResize[] = "bilinear-antialias squash";
constexpr char kScaling[] = "x / 127.5 - 1";
constexpr char kPlainName[] = "1 to 64 letters, digits, dots, dashes or underscores that do not begin with a dot";
constexpr char kDigest[] = "64 lower-case hexadecimal digits";
constexpr double kMaxThreshold = 1e6;
constexpr std::size_t kMaxText = 2000;
constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxTrainingEntries = 64;

json ClassNames() {
  json names = json::array();
  for (const Pattern pattern : kPatterns) names.push_back(std::string(PatternName(pattern)));
  return names;
}

bool IsPlainName(const std::string& text) {
  if (text.empty() || text.size() > kMaxName || text[0] == '.') return false;
  for (const char c : text) {
    if (!absl::ascii_isalnum(c) && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

bool IsSha256(const std::string& text) {
  if (text.size() != 64) return false;
  for (const char c : text) {
    if (!absl::ascii_isdigit(c) && (c < 'a' || c > 'f')) return false;
  }
  return true;
}

/// Reads the keys of one JSON object; the first error is kept, and what follows it has no effect.
class ObjectReader {
 public:
  ObjectReader(const json& object, std::string prefix, absl::Status& status)
      : object_(object), prefix_(std::move(prefix)), status_(status) {
    if (!object_.is_object()) Fail(prefix_.empty() ? "manifest" : prefix_, "a JSON object");
  }

  void OnlyKeys(std::initializer_list<const char*> keys) {
    if (!object_.is_object()) return;
    for (const auto& [key, value] : object_.items()) {
      bool known = false;
      for (const char* candidate : keys) known = known || key == candidate;
      if (!known && status_.ok()) {
        status_ = absl::InvalidArgumentError(absl::StrCat("manifest.json: unknown key \"", prefix_, key, "\""));
      }
    }
  }

  [[nodiscard]] bool Has(const char* key) const { return object_.is_object() && object_.contains(key); }

  const json& Get(const char* key) {
    const auto found = object_.is_object() ? object_.find(key) : object_.end();
    if (object_.is_object() && found != object_.end()) return *found;
    Fail(absl::StrCat(prefix_, key), "to be present");
    return missing_;
  }

  std::string Text(const char* key) {
    const json& value = Get(key);
    if (value.is_string() && value.get_ref<const std::string&>().size() <= kMaxText) return value.get<std::string>();
    Fail(absl::StrCat(prefix_, key), absl::StrCat("a text of at most ", kMaxText, " bytes"));
    return {};
  }

  std::string Matching(const char* key, bool (*accepts)(const std::string&), const char* expected) {
    std::string text = Text(key);
    if (!accepts(text)) Fail(absl::StrCat(prefix_, key), expected);
    return text;
  }

  double Number(const char* key, double low, double high) {
    const json& value = Get(key);
    if (value.is_number() && value.get<double>() >= low && value.get<double>() <= high) return value.get<double>();
    Fail(absl::StrCat(prefix_, key), absl::StrCat("a number from ", low, " to ", high));
    return low;
  }

  int Integer(const char* key, int low, int high) {
    if (!Get(key).is_number_integer())
      Fail(absl::StrCat(prefix_, key), absl::StrCat("an integer from ", low, " to ", high));
    return static_cast<int>(Number(key, low, high));
  }

  void Exactly(const char* key, const json& expected) {
    if (Get(key) != expected) Fail(absl::StrCat(prefix_, key), expected.dump());
  }

  void Fail(absl::string_view key, absl::string_view expected) {
    if (status_.ok())
      status_ = absl::InvalidArgumentError(absl::StrCat("manifest.json: \"", key, "\": expected ", expected));
  }

 private:
  const json& object_;
  std::string prefix_;
  absl::Status& status_;
  const json missing_;
};

void ReadInput(const json& input, Manifest& manifest, absl::Status& status) {
  ObjectReader reader(input, "input.", status);
  reader.OnlyKeys({"rows", "columns", "resize", "scaling"});
  manifest.rows = reader.Integer("rows", 16, 2048);
  manifest.columns = reader.Integer("columns", 16, 2048);
  reader.Exactly("resize", kResize);
  reader.Exactly("scaling", kScaling);
}

void ReadPopulation(const json& object, Population& population, absl::Status& status) {
  ObjectReader reader(object, "population.", status);
  reader.OnlyKeys({"min_age_years", "max_age_years", "description"});
  population.min_age_years = reader.Number("min_age_years", 0, 150);
  population.max_age_years = reader.Number("max_age_years", 0, 150);
  population.description = reader.Text("description");
  if (population.min_age_years > population.max_age_years) {
    reader.Fail("population.max_age_years", "at least population.min_age_years");
  }
}

void ReadOutOfDistribution(const json& object, Manifest& manifest, absl::Status& status) {
  ObjectReader reader(object, "out_of_distribution.", status);
  reader.OnlyKeys({"file", "sha256", "threshold", "warning_threshold"});
  Manifest::OutOfDistribution entry;
  entry.file = reader.Matching("file", IsPlainName, kPlainName);
  entry.sha256 = reader.Matching("sha256", IsSha256, kDigest);
  OodThresholds thresholds;
  thresholds.refusal = reader.Number("threshold", 0, kMaxThreshold);
  const bool warns = reader.Has("warning_threshold");
  thresholds.warning = warns ? reader.Number("warning_threshold", 0, kMaxThreshold) : thresholds.refusal;
  if (thresholds.warning > thresholds.refusal)
    reader.Fail("out_of_distribution.warning_threshold", "at most out_of_distribution.threshold");
  manifest.info.ood = thresholds;
  manifest.out_of_distribution = entry;
}

void ReadTraining(const json& object, Manifest& manifest, absl::Status& status) {
  ObjectReader reader(object, "training.", status);
  if (!object.is_object()) return;
  if (object.size() > kMaxTrainingEntries)
    reader.Fail("training", absl::StrCat("at most ", kMaxTrainingEntries, " entries"));
  for (const auto& [key, value] : object.items()) manifest.training[key] = reader.Text(key.c_str());
}

}  // namespace

void SetOperatingPoints(Manifest& manifest, double of_sensitivity, double of_specificity) {
  manifest.sensitivity_operating_point = of_sensitivity;
  manifest.specificity_operating_point = of_specificity;
  manifest.info.points = {std::min(of_sensitivity, of_specificity), std::max(of_sensitivity, of_specificity)};
}

absl::StatusOr<Manifest> ParseManifest(absl::string_view text) {
  const absl::StatusOr<json> document = ParseStrictJson(text);
  if (!document.ok()) return absl::InvalidArgumentError(absl::StrCat("manifest.json: ", document.status().message()));
  const json& parsed = *document;
  absl::Status status;
  Manifest manifest;
  ObjectReader reader(parsed, "", status);
  reader.OnlyKeys({"format", "name", "version", "file", "sha256", "classes", "input", "temperature", "operating_point",
                   "specificity_operating_point", "population", "out_of_distribution", "training"});
  reader.Exactly("format", kFormat);
  manifest.info.identity.name = reader.Matching("name", IsPlainName, kPlainName);
  manifest.info.identity.version = reader.Matching("version", IsPlainName, kPlainName);
  manifest.file = reader.Matching("file", IsPlainName, kPlainName);
  manifest.info.identity.sha256 = reader.Matching("sha256", IsSha256, kDigest);
  reader.Exactly("classes", ClassNames());
  manifest.temperature = reader.Number("temperature", 0.01, 100);
  const double sensitive = reader.Number("operating_point", 0, 1);
  const bool two = reader.Has("specificity_operating_point");
  const double specific = two ? reader.Number("specificity_operating_point", 0, 1) : sensitive;
  SetOperatingPoints(manifest, sensitive, specific);
  ReadInput(reader.Get("input"), manifest, status);
  ReadPopulation(reader.Get("population"), manifest.info.population, status);
  if (reader.Has("out_of_distribution")) ReadOutOfDistribution(reader.Get("out_of_distribution"), manifest, status);
  ReadTraining(reader.Get("training"), manifest, status);
  if (!status.ok()) return status;
  manifest.info.manifest_sha256 = Sha256Hex(text);
  return manifest;
}

std::string FormatManifest(const Manifest& manifest) {
  const ModelInfo& info = manifest.info;
  nlohmann::ordered_json text;
  text["format"] = kFormat;
  text["name"] = info.identity.name;
  text["version"] = info.identity.version;
  text["file"] = manifest.file;
  text["sha256"] = info.identity.sha256;
  text["classes"] = ClassNames();
  text["input"] = {{"rows", manifest.rows}, {"columns", manifest.columns}, {"resize", kResize}, {"scaling", kScaling}};
  text["temperature"] = manifest.temperature;
  text["operating_point"] = manifest.sensitivity_operating_point;
  text["specificity_operating_point"] = manifest.specificity_operating_point;
  text["population"] = {{"min_age_years", info.population.min_age_years},
                        {"max_age_years", info.population.max_age_years},
                        {"description", info.population.description}};
  if (manifest.out_of_distribution.has_value()) {
    const OodThresholds thresholds = info.ood.value_or(OodThresholds{kMaxThreshold, kMaxThreshold});
    text["out_of_distribution"] = {{"file", manifest.out_of_distribution->file},
                                   {"sha256", manifest.out_of_distribution->sha256},
                                   {"threshold", thresholds.refusal},
                                   {"warning_threshold", thresholds.warning}};
  }
  text["training"] = manifest.training;
  return text.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cxr
