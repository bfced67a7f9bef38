// SPDX-License-Identifier: Apache-2.0
// fuzz-seeds FOLDER: writes good inputs of every kind into FOLDER/<fuzzer>/, for libFuzzer to begin with.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "cxr/v1/analysis.pb.h"
#include "nlohmann/json.hpp"
#include "plugin/core/outcome.h"
#include "plugin/core/study_summary.h"
#include "service/dicom/dicom_reader.h"
#include "service/dicom/read/dicom_parser.h"
#include "service/dicom/read/pixel_data.h"
#include "service/dicom/read/toolkit.h"
#include "service/model/manifest.h"
#include "service/model/outlier_detector.h"
#include "tests/support/dicom_fixture.h"

namespace {

using cxr::test::DicomFixture;
using cxr::test::Syntax;

class Seeds {
 public:
  explicit Seeds(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Ends the program when that fails.
  void Write(const std::string& fuzzer, const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(folder_ / fuzzer);
    std::ofstream file(folder_ / fuzzer / name, std::ios::binary);
    if (file.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush()) return;
    std::fprintf(stderr, "fuzz-seeds: cannot write to %s\n", folder_.c_str());
    std::exit(1);
  }

 private:
  std::filesystem::path folder_;
};

struct Encoding {
  const char* name;
  Syntax syntax;
  int bits;
  const char* fuzzer = "";  ///< of its codec
  std::string head = {};    ///< what the codec's fuzzer wants before the layout
};

std::string CodestreamOf(const std::string& dicom) {
  const auto instance = cxr::ParseInstance(dicom, {});
  const auto layout = cxr::ReadPixelLayout(*instance->dataset, {});
  const auto pixels = cxr::LocatePixelData(instance->pixels, *layout);
  std::string codestream;
  for (const absl::string_view fragment : pixels->fragments) codestream.append(fragment.data(), fragment.size());
  return codestream;
}

void WriteImages(const Seeds& seeds) {
  const std::array<Encoding, 13> encodings = {{{"implicit", Syntax::kImplicitLittle, 12},
                                               {"explicit", Syntax::kExplicitLittle, 12},
                                               {"big", Syntax::kExplicitBig, 16},
                                               {"deflated", Syntax::kDeflated, 8},
                                               {"rle", Syntax::kRle, 12, "rle"},
                                               {"rle8", Syntax::kRle, 8, "rle"},
                                               {"baseline", Syntax::kJpegBaseline, 8, "jpeg", std::string(1, 0)},
                                               {"extended", Syntax::kJpegExtended, 12, "jpeg", std::string(1, 1)},
                                               {"lossless", Syntax::kJpegLossless, 12, "jpeg", std::string(1, 2)},
                                               {"ls", Syntax::kJpegLs, 12, "jpeg_ls"},
                                               {"ls8", Syntax::kJpegLs, 8, "jpeg_ls"},
                                               {"2000", Syntax::kJpeg2000, 12, "jpeg_2000", std::string(1, 1)},
                                               {"2000_8", Syntax::kJpeg2000, 8, "jpeg_2000", std::string(1, 1)}}};
  for (const Encoding& encoding : encodings) {
    DicomFixture fixture;
    fixture.rows = fixture.columns = 24;
    fixture.bits_stored = encoding.bits;
    fixture.bits_allocated = encoding.bits > 8 ? 16 : 8;
    fixture.syntax = encoding.syntax;
    const std::string dicom = fixture.Build();
    seeds.Write("dicom", encoding.name, dicom);
    if (*encoding.fuzzer == '\0') continue;
    const std::string layout = {23, 23, static_cast<char>(encoding.bits - 1)};
    seeds.Write(encoding.fuzzer, encoding.name, encoding.head + layout + CodestreamOf(dicom));
  }
}

void WriteOddImages(const Seeds& seeds) {
  DicomFixture fixture;
  fixture.rows = fixture.columns = 16;
  fixture.modality_lut = cxr::test::LookupTable{{0, 100, 200, 255}, 0, 8};
  fixture.voi_lut = cxr::test::LookupTable{{0, 1000, 4000}, 10, 12};
  fixture.padding = 0;
  fixture.attributes = {{"PatientOrientation", "P\\F"}, {"PatientAge", "003Y"}, {"SeriesDescription", "THORAX LAT"}};
  seeds.Write("dicom", "luts", fixture.Build());
  fixture = DicomFixture();
  fixture.window = {{1000, 2000}};
  fixture.voi_function = "SIGMOID";
  fixture.rescale = {{0.5, -100}};
  seeds.Write("dicom", "sigmoid", fixture.Build());
  seeds.Write("dicom", "bare", DicomFixture().Bare().Build());
}

void WriteResults(const Seeds& seeds) {
  const auto reader = *cxr::MakeDicomReader();
  const std::string dicom = DicomFixture().Build();
  const auto radiograph = *reader->Read(dicom);
  cxr::Analysis analysis;
  analysis.model.identity = {"seed", "1.0.0", std::string(64, 'a')};
  seeds.Write("report", "not_applicable", radiograph->Write(cxr::ObjectKind::kStructuredReport, {analysis})->content);
  analysis.outcome = cxr::Outcome::kAnalysed;
  cxr::Classification& found = analysis.classification.emplace();
  found.calibrated = {0.8, 0.1, 0.1};
  found.pneumonia_score = 0.9;
  found.decision = cxr::Decide(found.calibrated, {0.4, 0.6});
  found.map = {1, 1, {1}, {0, 0, 48, 60}, cxr::Pattern::kBacteria};
  analysis.salient_regions = {{{5, 6}, {30, 6}, {30, 40}}};
  seeds.Write("report", "positive", radiograph->Write(cxr::ObjectKind::kStructuredReport, {analysis})->content);
  const cxr::RgbImage image{6, 5, std::vector<std::uint8_t>(90, 7)};
  seeds.Write("report", "capture", radiograph->Write(cxr::ObjectKind::kSecondaryCapture, {analysis, &image})->content);
}

void WriteModels(const Seeds& seeds) {
  cxr::Manifest manifest;
  manifest.info.identity = {"seed", "1.0.0", std::string(64, 'b')};
  manifest.info.population = {1, 5, "children"};
  manifest.out_of_distribution = cxr::Manifest::OutOfDistribution{"ood.safetensors", std::string(64, 'c')};
  manifest.info.ood = cxr::OodThresholds{1, 2};
  manifest.training["command"] = "cxr-train";
  SetOperatingPoints(manifest, 0.6, 0.4);
  seeds.Write("manifest", "whole", FormatManifest(manifest));
  seeds.Write("safetensors", "small",
              cxr::OutlierDetector::Create({{{1, 2, 3}, {4, 5, 6}}, {{1, 0, 0}}, {2}, 0.5F})->Format());
}

void WriteTexts(const Seeds& seeds) {
  int number = 0;
  for (const char* text :
       {"127.0.0.1:50051", "[::1]:5", "localhost:0", "127.evil.org:1", "[fe80::1%eth0]:70", "host:99999"})
    seeds.Write("endpoint", std::to_string(++number), text);
  seeds.Write(
      "configuration", "all",
      "model = \"folder\"\nlisten = \"0.0.0.0:50051\"\ninsecure = true\npopulation = \"warn\"\nunlike = \"off\"\n"
      "workers = 2\nqueue = 9\ndevice = \"cuda:1\"\nsr-class = \"comprehensive3d\"\ndrain-timeout = 1.5\n");
  seeds.Write("configuration", "pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  cxr::plugin::Outcome outcome;
  outcome.kind = cxr::plugin::OutcomeKind::kAnalysed;
  outcome.classification = cxr::plugin::Classification{"positive", "VIRUS", 0.75, 0.5, 0.4, 0.25, 0.25, 0.5};
  outcome.reasons = {{"AGE_UNKNOWN", "The age is not known."}};
  outcome.objects = {{"structured report", "1.2", "1.3", "id"}};
  seeds.Write("plugin_json", "outcome", OutcomeToJson(outcome).dump());
  cxr::plugin::StudySummary summary;
  summary.Put("instance", outcome);
  seeds.Write("plugin_json", "summary", summary.ToJson().dump());
  seeds.Write(
      "plugin_json", "settings",
      R"({"CxrTriage":{"Enable":true,"Services":["127.0.0.1:50051"],"TimeoutSeconds":60,"Concurrency":2,"Tls":false}})");
}

void WriteMessages(const Seeds& seeds) {
  cxr::v1::AnalyzeRequest request;
  request.set_dicom("DICM");
  request.add_produce(cxr::v1::OBJECT_KIND_STRUCTURED_REPORT);
  seeds.Write("request", "request", request.SerializeAsString());
  cxr::v1::AnalyzeResponse response;
  response.set_outcome(cxr::v1::OUTCOME_ANALYSED);
  cxr::v1::Classification& found = *response.mutable_classification();
  for (const auto pattern : {cxr::v1::PATTERN_BACTERIA, cxr::v1::PATTERN_NORMAL, cxr::v1::PATTERN_VIRUS}) {
    cxr::v1::PatternProbability& probability = *found.add_probabilities();
    probability.set_pattern(pattern);
    probability.set_calibrated(pattern == cxr::v1::PATTERN_VIRUS ? 0.8 : 0.1);
  }
  found.set_pneumonia_score(0.9);
  found.mutable_decision()->set_positive(true);
  found.mutable_decision()->set_conclusion(cxr::v1::CONCLUSION_POSITIVE);
  found.mutable_decision()->set_finding(cxr::v1::PATTERN_VIRUS);
  found.mutable_decision()->set_operating_point(0.7);
  found.mutable_decision()->set_indeterminate_from(0.4);
  response.add_objects()->set_content("content");
  seeds.Write("request", "response", response.SerializeAsString());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz-seeds FOLDER\n");
    return 2;
  }
  const Seeds seeds(argv[1]);
  cxr::SilenceDcmtk();
  WriteImages(seeds);
  WriteOddImages(seeds);
  WriteResults(seeds);
  WriteModels(seeds);
  WriteTexts(seeds);
  WriteMessages(seeds);
  return 0;
}
