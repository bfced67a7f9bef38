// SPDX-License-Identifier: Apache-2.0
// Addresses, and the details of a failure that come with an answer.
#include "service/client/endpoint.h"

#include <cstdint>

#include "proto/status_details.h"
#include "service/base/host_port.h"
#include "tests/fuzz/contradiction.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto address = cxr::ParseHostPort(text);
  const bool plaintext = cxr::Validate(cxr::Endpoint{std::string(text)}).ok();
  if (address.ok()) {
    const auto again = cxr::ParseHostPort(cxr::ToString(*address));
    cxr::fuzz::Demand(again.ok() && again->host == address->host && again->port == address->port,
                      "an address cannot be read again");
    cxr::fuzz::Demand(!plaintext || cxr::IsLoopback(*address), "plaintext may leave this machine");
  } else {
    cxr::fuzz::Demand(!plaintext, "what is no address is accepted");
  }
  const auto detail = cxr::FindErrorDetail(text);
  if (detail.has_value()) {
    const auto again = cxr::FindErrorDetail(cxr::EncodeStatusDetails(3, "message", *detail));
    cxr::fuzz::Demand(again.has_value() && again->reason() == detail->reason(), "details cannot be read again");
  }
  return 0;
}
