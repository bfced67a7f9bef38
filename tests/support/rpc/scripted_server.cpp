// SPDX-License-Identifier: Apache-2.0
#include "tests/support/rpc/scripted_server.h"

#include <grpcpp/health_check_service_interface.h>

#include <cstdint>
#include <stdexcept>
#include <utility>

namespace cxr::test {
namespace {

/// A length-delimited protobuf field of fewer than 128 bytes.
std::string Field(int number, const std::string& bytes) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}

std::string LittleEndian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
  return text;
}

std::string Tag(std::uint32_t group, std::uint32_t element) {
  return LittleEndian(group, 2) + LittleEndian(element, 2);
}

std::string Short(std::uint32_t group, std::uint32_t element, int value) {
  return Tag(group, element) + "US" + LittleEndian(2, 2) + LittleEndian(static_cast<std::uint32_t>(value), 2);
}

std::string Text(std::uint32_t group, std::uint32_t element, const std::string& vr, std::string value) {
  if (value.size() % 2 == 1) value += vr == "UI" ? '\0' : ' ';
  return Tag(group, element) + vr + LittleEndian(static_cast<std::uint32_t>(value.size()), 2) + value;
}

}  // namespace

ScriptedServer::ScriptedServer(Script script, bool serving, int port,
                               const std::shared_ptr<grpc::ServerCredentials>& credentials)
    : script_(std::move(script)) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(16 << 20);
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), credentials, &port_);
  builder.RegisterService(static_cast<v1::AnalysisService::Service*>(this));
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) throw std::runtime_error("no port for a test server");
  SetServing(serving);
}

ScriptedServer::~ScriptedServer() {
  server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
}

std::string ScriptedServer::address() const {
  return "127.0.0.1:" + std::to_string(port_);
}

void ScriptedServer::SetServing(bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(serving);
}

grpc::Status ScriptedServer::Analyze(grpc::ServerContext* context, const v1::AnalyzeRequest* request,
                                     v1::AnalyzeResponse* response) {
  return script_(*request, *response, *context);
}

void FillAnalysed(v1::AnalyzeResponse& response) {
  response.set_outcome(v1::OUTCOME_ANALYSED);
  v1::Classification& classification = *response.mutable_classification();
  for (const auto& [pattern, value] :
       {std::pair{v1::PATTERN_BACTERIA, 0.7}, std::pair{v1::PATTERN_NORMAL, 0.1}, std::pair{v1::PATTERN_VIRUS, 0.2}}) {
    v1::PatternProbability& probability = *classification.add_probabilities();
    probability.set_pattern(pattern);
    probability.set_raw(1.0 / 3);
    probability.set_calibrated(value);
  }
  classification.set_pneumonia_score(0.9);
  classification.mutable_decision()->set_positive(true);
  classification.mutable_decision()->set_finding(v1::PATTERN_BACTERIA);
  classification.mutable_decision()->set_conclusion(v1::CONCLUSION_POSITIVE);
  classification.mutable_decision()->set_operating_point(0.75);
  classification.mutable_decision()->set_indeterminate_from(0.25);
  response.mutable_model()->set_name("test-model");
  response.mutable_model()->set_version("1.2.3");
  v1::DicomObject& capture = *response.add_objects();
  capture.set_kind(v1::OBJECT_KIND_SECONDARY_CAPTURE);
  capture.set_sop_class_uid("1.2.840.10008.5.1.4.1.1.7");
  capture.set_sop_instance_uid("2.25.1");
  capture.set_content(RedCapture(2, 2));
  v1::DicomObject& report = *response.add_objects();
  report.set_kind(v1::OBJECT_KIND_STRUCTURED_REPORT);
  report.set_sop_class_uid("1.2.840.10008.5.1.4.1.1.88.33");
  report.set_sop_instance_uid("2.25.2");
  report.set_content("a report");
}

grpc::Status DetailedStatus(grpc::StatusCode code, v1::ErrorReason reason, const std::string& message) {
  v1::ErrorDetail detail;
  detail.set_reason(reason);
  detail.set_message(message);
  const std::string any = Field(1, "type.googleapis.com/cxr.v1.ErrorDetail") + Field(2, detail.SerializeAsString());
  return {code, message, std::string{8, static_cast<char>(code)} + Field(2, "text") + Field(3, any)};
}

std::string RedCapture(int rows, int columns) {
  const std::string meta = Text(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1");
  std::string pixels;
  for (int i = 0; i < rows * columns; ++i) pixels += std::string("\xFF\0\0", 3);
  if (pixels.size() % 2 == 1) pixels += '\0';
  return std::string(128, '\0') + "DICM" + Tag(0x0002, 0x0000) + "UL" + LittleEndian(4, 2) +
         LittleEndian(static_cast<std::uint32_t>(meta.size()), 4) + meta +
         Text(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.7") + Text(0x0008, 0x0018, "UI", "2.25.1") +
         Short(0x0028, 0x0002, 3) + Text(0x0028, 0x0004, "CS", "RGB") + Short(0x0028, 0x0006, 0) +
         Short(0x0028, 0x0010, rows) + Short(0x0028, 0x0011, columns) + Short(0x0028, 0x0100, 8) +
         Short(0x0028, 0x0101, 8) + Short(0x0028, 0x0102, 7) + Short(0x0028, 0x0103, 0) + Tag(0x7FE0, 0x0010) + "OB" +
         LittleEndian(0, 2) + LittleEndian(static_cast<std::uint32_t>(pixels.size()), 4) + pixels;
}

}  // namespace cxr::test
