// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/batch.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "service/analyze/file_names.h"
#include "service/analyze/image_file.h"
#include "service/base/file.h"
#include "service/core/result_forms.h"
#include "service/dicom/tools/capture_reader.h"

namespace cxr {
namespace {

/// Hands records on in the order of their files.
class InOrder {
 public:
  InOrder(std::size_t count, const std::function<void(ResultRecord)>& done) : waiting_(count), done_(&done) {}

  void Put(std::size_t index, ResultRecord record) {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_[index] = std::move(record);
    for (; next_ < waiting_.size() && waiting_[next_].has_value(); ++next_) {
      (*done_)(*std::move(waiting_[next_]));
      waiting_[next_].reset();
    }
  }

 private:
  std::mutex mutex_;
  std::vector<absl::optional<ResultRecord>> waiting_;
  std::size_t next_ = 0;
  const std::function<void(ResultRecord)>* done_;
};

InputFailure ToFailure(std::string reason, const absl::Status& status) {
  return {std::move(reason), std::string(status.message())};
}

std::variant<std::string, InputFailure> Load(const std::string& file, Console& console) {
  absl::StatusOr<std::string> content = ReadFile(file, kMostFileBytes);
  if (!content.ok()) return ToFailure("UNREADABLE_FILE", content.status());
  if (!LooksLikeImageFile(*content)) return *std::move(content);
  console.Say(
      absl::StrCat("warning: ", file, " is an image file: wrapped as DX for presentation, age and view unknown"));
  WrapOptions options;
  options.file_name = std::filesystem::path(file).filename().string();
  absl::StatusOr<std::string> wrapped = WrapImageFile(*content, options);
  if (!wrapped.ok()) return ToFailure("UNREADABLE_PICTURE", wrapped.status());
  return *std::move(wrapped);
}

absl::Status WritePng(const std::string& capture, const std::string& path) {
  absl::StatusOr<RgbImage> image = ReadCapture(capture);
  if (!image.ok()) return image.status();
  absl::StatusOr<std::string> png = EncodePng(*image);
  if (!png.ok()) return png.status();
  return ReplaceFile(path, *png);
}

absl::Status WriteObject(const v1::DicomObject& object, const std::string& stem, bool png, ResultRecord& record) {
  const ResultForm* form = FindForm(object.kind());
  if (form == nullptr) return absl::OkStatus();  // newer than we are
  const std::string path = absl::StrCat(stem, form->file_suffix);
  absl::Status written = ReplaceFile(path, object.content());
  if (!written.ok()) return written;
  record.objects.push_back({std::string(form->name), object.sop_class_uid(), object.sop_instance_uid(), path});
  const bool is_capture = form->kind == ObjectKind::kSecondaryCapture;
  return png && is_capture ? WritePng(object.content(), absl::StrCat(stem, ".png")) : absl::OkStatus();
}

ResultRecord Process(const std::string& file, const std::string& stem, const BatchOptions& options,
                     ServiceClient& client, Console& console, const std::stop_token& stop) {
  if (stop.stop_requested()) return FailedRecord(file, {"CANCELLED", "Interrupted before it was sent."});
  std::variant<std::string, InputFailure> dicom = Load(file, console);
  if (const auto* failure = std::get_if<InputFailure>(&dicom)) return FailedRecord(file, *failure);
  v1::AnalyzeRequest request;
  request.set_dicom(std::get<std::string>(std::move(dicom)));
  const absl::StatusOr<v1::AnalyzeResponse> response = client.Analyze(request, options.limits, stop);
  if (!response.ok()) return FailedRecord(file, ToFailure(ReasonOrCode(response.status()), response.status()));
  ResultRecord record = RecordOf(file, *response);
  for (const v1::DicomObject& object : response->objects()) {
    if (record.failed()) break;
    absl::Status written = WriteObject(object, stem, options.png, record);
    if (!written.ok()) return FailedRecord(file, ToFailure("UNWRITABLE_RESULT", written));
  }
  return record;
}

/// Nothing throws across a thread's entry; a file too large for the memory fails alone.
ResultRecord Guarded(const std::string& file, const std::function<ResultRecord()>& process) {
  try {
    return process();
  } catch (const std::exception& error) {
    return FailedRecord(file, {"INTERNAL", error.what()});
  }
}

}  // namespace

void RunBatch(const std::vector<std::string>& files, const std::vector<ResultName>& names, const BatchOptions& options,
              ServiceClient& client, Console& console, const std::stop_token& stop,
              const std::function<void(ResultRecord)>& done) {
  InOrder in_order(files.size(), done);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++) {
      ResultRecord record =
          Guarded(files[i], [&] { return Process(files[i], names[i].stem, options, client, console, stop); });
      console.Advance();
      in_order.Put(i, std::move(record));
    }
  };
  std::vector<std::jthread> workers;
  const std::size_t count = std::min(files.size(), static_cast<std::size_t>(options.jobs));
  for (std::size_t i = 0; i < count; ++i) workers.emplace_back(work);
}

}  // namespace cxr
