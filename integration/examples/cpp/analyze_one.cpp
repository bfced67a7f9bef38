// SPDX-License-Identifier: Apache-2.0
// analyze-one HOST:PORT FILE [CA.pem]: has cxr-service analyse one DICOM file and prints outcome and score.
// Exit status: 0 analysed or not applicable, 1 failed, 2 wrong usage.
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "service/client/service_client.h"

namespace {

int Fail(const absl::Status& error) {
  std::cerr << "analyze-one: " << cxr::ReasonOrCode(error) << ": " << error.message() << "\n";
  return absl::IsInvalidArgument(error) && !cxr::ServiceReason(error).has_value() ? 2 : 1;
}

int Analyze(const cxr::Endpoint& endpoint, const std::string& file) {
  cxr::v1::AnalyzeRequest request;
  std::ifstream input(file, std::ios::binary);
  request.set_dicom(std::string(std::istreambuf_iterator<char>(input), {}));
  if (request.dicom().empty()) return Fail(absl::InvalidArgumentError(file + " cannot be read"));

  const auto client = cxr::ServiceClient::Create(endpoint);
  if (!client.ok()) return Fail(client.status());
  const absl::Status serving = (*client)->WaitUntilServing(absl::Seconds(30));
  if (!serving.ok()) return Fail(serving);
  const absl::StatusOr<cxr::v1::AnalyzeResponse> response = (*client)->Analyze(request, cxr::CallLimits());
  if (!response.ok()) return Fail(response.status());

  std::cout << cxr::v1::Outcome_Name(response->outcome()) << "\n";
  for (const cxr::v1::Reason& reason : response->reasons()) std::cout << "reason: " << reason.message() << "\n";
  if (response->has_classification()) std::cout << "score: " << response->classification().pneumonia_score() << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::cerr << "Usage: analyze-one HOST:PORT FILE [CA.pem]\n";
    return 2;
  }
  cxr::Endpoint endpoint;
  endpoint.address = argv[1];
  if (argc == 4) {
    const absl::StatusOr<cxr::ClientTls> tls = cxr::ReadClientTls(argv[3], "", "");
    if (!tls.ok()) return Fail(tls.status());
    endpoint.tls = *tls;
  }
  return Analyze(endpoint, argv[2]);
}
