// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/verify.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/analyze/file_names.h"
#include "service/base/file.h"
#include "service/dicom/dicom_reader.h"

namespace cxr {
namespace {

absl::StatusOr<SourceIdentity> IdentityOf(const std::string& source) {
  const absl::StatusOr<std::unique_ptr<RadiographReader>> reader = MakeDicomReader();
  if (!reader.ok()) return reader.status();
  const absl::StatusOr<std::unique_ptr<Radiograph>> radiograph = (*reader)->Read(source);
  if (!radiograph.ok())
    return absl::Status(radiograph.status().code(),
                        absl::StrCat("SOURCE cannot be read: ", radiograph.status().message()));
  return (*radiograph)->facts().identity;
}

absl::StatusOr<StoredReport> Repeat(const std::string& source, const CallLimits& limits, ServiceClient& client,
                                    const std::stop_token& stop) {
  v1::AnalyzeRequest request;
  request.set_dicom(source);
  request.add_produce(v1::OBJECT_KIND_STRUCTURED_REPORT);
  const absl::StatusOr<v1::AnalyzeResponse> response = client.Analyze(request, limits, stop);
  if (!response.ok()) {
    return absl::UnavailableError(absl::StrCat("The analysis could not be repeated: ", ReasonOrCode(response.status()),
                                               ": ", response.status().message()));
  }
  const auto& objects = response->objects();
  const auto report = std::find_if(objects.begin(), objects.end(), [](const v1::DicomObject& object) {
    return object.kind() == v1::OBJECT_KIND_STRUCTURED_REPORT;
  });
  if (report == objects.end()) return absl::UnavailableError("The service answered without a report.");
  absl::StatusOr<StoredReport> repeated = ReadReport(report->content());
  if (!repeated.ok())
    return absl::UnavailableError(absl::StrCat("The service's report is unusable: ", repeated.status().message()));
  return repeated;
}

}  // namespace

absl::StatusOr<VerifyInput> ReadVerifyInput(const std::string& report_file, const std::string& source_file) {
  const absl::StatusOr<std::string> bytes = ReadFile(report_file, kMostFileBytes);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<StoredReport> report = ReadReport(*bytes);
  if (!report.ok()) return absl::InvalidArgumentError(absl::StrCat(report_file, ": ", report.status().message()));
  absl::StatusOr<std::string> source = ReadFile(source_file, kMostFileBytes);
  if (!source.ok()) return source.status();
  return VerifyInput{*std::move(report), *std::move(source)};
}

absl::StatusOr<Verification> Verify(const VerifyInput& input, const CallLimits& limits, ServiceClient& client,
                                    const std::stop_token& stop) {
  const absl::StatusOr<SourceIdentity> identity = IdentityOf(input.source);
  if (!identity.ok()) return identity.status();
  Verification verification = CompareSource(input.report, *identity);
  if (!Differences(verification).empty()) return verification;
  const absl::StatusOr<StoredReport> repeated = Repeat(input.source, limits, client, stop);
  if (!repeated.ok()) return repeated.status();
  const Verification rest = CompareReports(input.report, *repeated);
  verification.insert(verification.end(), rest.begin(), rest.end());
  return verification;
}

}  // namespace cxr
