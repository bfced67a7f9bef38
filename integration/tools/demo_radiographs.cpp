// SPDX-License-Identifier: Apache-2.0
// cxr-demo-radiographs: turns whatever somebody wants to see analysed into DICOM files that can be stored in an
// archive.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/optional.h"
#include "integration/phantom/phantom.h"
#include "service/analyze/file_names.h"
#include "service/analyze/image_file.h"
#include "service/base/file.h"
#include "service/dicom/dicom_reader.h"
#include "service/dicom/tools/image_wrapper.h"

namespace cxr {
namespace {

struct Request {
  std::string out;
  bool phantom = false;
  absl::optional<int> patient_age;  ///< completed years
  std::vector<std::string> inputs;
};

/// Plain characters only, so that the table stays one and every tool takes the file name.
std::string Plain(absl::string_view text, std::size_t longest) {
  std::string plain;
  for (const char c : text.substr(0, longest)) {
    const bool kept = absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
    plain += kept ? c : '_';
  }
  return plain;
}

/// A child of three. Drawn as it is: a phantom collimated, blurred and faint as bedside radiographs are is only warned
/// of by the shipped model, for that look is common among its training images.
absl::StatusOr<std::string> Phantom() {
  WrapOptions options;
  options.file_name = "phantom";
  options.patient_name = "PHANTOM^CHEST";
  options.patient_id = "PHANTOM";
  options.patient_age = "003Y";
  options.study_description = "Drawn phantom, not a patient";
  return WrapImageAsDx(DrawChestPhantom({.rows = 1840, .columns = 2048, .consolidation = true}), options);
}

absl::StatusOr<std::string> Load(const std::string& file, absl::optional<int> patient_age) {
  absl::StatusOr<std::string> content = ReadFile(file, kMostFileBytes);
  if (!content.ok() || !LooksLikeImageFile(*content)) return content;
  WrapOptions options;
  options.file_name = std::filesystem::path(file).filename().string();
  options.patient_name = Plain(std::filesystem::path(file).stem().string(), 60);
  options.patient_id = options.patient_name;
  if (patient_age.has_value()) options.patient_age = absl::StrFormat("%03dY", *patient_age);
  return WrapImageFile(*content, options);
}

/// Writes radiographs under names of their own and prints a line for each.
class Writer {
 public:
  Writer(const RadiographReader& reader, std::string out) : reader_(&reader), out_(std::move(out)) {}

  [[nodiscard]] absl::Status Write(const absl::StatusOr<std::string>& dicom, const std::string& label) {
    if (!dicom.ok()) return dicom.status();
    const absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = reader_->Read(*dicom);
    if (!radiograph.ok()) return radiograph.status();
    const SourceIdentity& identity = (*radiograph)->facts().identity;
    const std::string stem = Plain(std::filesystem::path(label).stem().string(), 100);
    const std::string path = (std::filesystem::path(out_) / absl::StrFormat("%04d-%s.dcm", ++count_, stem)).string();
    absl::Status written = ReplaceFile(path, *dicom);
    if (!written.ok()) return written;
    std::cout << path << '\t' << identity.study_instance_uid << '\t' << identity.sop_instance_uid << '\t'
              << Plain(label, 255) << std::endl;
    return absl::OkStatus();
  }

  [[nodiscard]] int count() const { return count_; }

 private:
  const RadiographReader* reader_;
  std::string out_;
  int count_ = 0;
};

void Say(absl::string_view message) {
  std::cerr << "cxr-demo-radiographs: " << message << "\n";
}

int Prepare(const Request& request) {
  absl::StatusOr<InputFiles> inputs = InputFiles{};
  if (!request.inputs.empty()) inputs = FindInputFiles(request.inputs);
  if (!inputs.ok()) {
    Say(inputs.status().message());
    return 2;
  }
  const absl::StatusOr<std::unique_ptr<RadiographReader>> reader = MakeDicomReader();
  if (!reader.ok()) {
    Say(reader.status().message());
    return 1;
  }
  std::filesystem::create_directories(request.out);
  for (const std::string& note : inputs->notes) Say(note);

  Writer writer(**reader, request.out);
  if (request.phantom) {
    const absl::Status written = writer.Write(Phantom(), "phantom");
    if (!written.ok()) Say(absl::StrCat("the phantom: ", written.message()));
  }
  for (const std::string& file : inputs->files) {
    const absl::Status written =
        writer.Write(Load(file, request.patient_age), std::filesystem::path(file).filename().string());
    if (!written.ok()) Say(absl::StrCat(file, " is left out: ", written.message()));
  }
  return writer.count() > 0 ? 0 : 1;
}

}  // namespace
}  // namespace cxr

int main(int argc, char** argv) {
  CLI::App app(
      "Makes DICOM radiographs to store: copies DICOM files, wraps PNG and JPEG images as DX, draws a phantom. "
      "Prints path, study UID, instance UID and label of each, separated by tabs.");
  cxr::Request request;
  app.set_version_flag("--version", "cxr-demo-radiographs " CXR_VERSION);
  app.add_option("--out", request.out, "Folder to write to; made if missing")->required();
  app.add_flag("--phantom", request.phantom, "Draw a chest-like phantom");
  app.add_option("--patient-age", request.patient_age, "Years of the patients of PNG and JPEG images")
      ->check(CLI::Range(0, 120));
  app.add_option("inputs", request.inputs, "Files or folders (DICOM, PNG, JPEG)");
  try {
    app.parse(argc, argv);
    if (!request.phantom && request.inputs.empty()) throw CLI::RequiredError("--phantom, a file or a folder");
    return cxr::Prepare(request);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    cxr::Say(error.what());
    return 1;
  }
}
