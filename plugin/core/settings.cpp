// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/settings.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "service/base/host_port.h"

namespace cxr::plugin {
namespace {

using nlohmann::json;

constexpr char kSection[] = "CxrTriage";
constexpr int kFirstUserId = 1024;  // Orthanc keeps lower metadata and properties for itself
constexpr int kLastUserId = 65535;

constexpr std::array<const char*, 20> kKeys = {"Enable",
                                               "AllowPlaintext",
                                               "Service",
                                               "TimeoutSeconds",
                                               "Concurrency",
                                               "MaxAttempts",
                                               "MaxServiceLosses",
                                               "MaxBackoffSeconds",
                                               "PollSeconds",
                                               "MaxMessageMiB",
                                               "Tls",
                                               "CaCertificate",
                                               "ClientCertificate",
                                               "ClientKey",
                                               "OutcomeMetadata",
                                               "SummaryMetadata",
                                               "PositionProperty",
                                               "WorklistProperty",
                                               "StartProperty",
                                               "WorklistSize"};

absl::Status Wrong(absl::string_view key, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(kSection, ".", key, " must be ", expected, "."));
}

/// Reads keys one after the other and remembers the first error.
class Reader {
 public:
  explicit Reader(const json& section) : section_(section) {}

  void Bool(const char* key, bool& value) {
    const json* node = Find(key);
    if (node == nullptr) return;
    if (!node->is_boolean()) return Fail(Wrong(key, "true or false"));
    value = node->get<bool>();
  }

  void Int(const char* key, int low, int high, int& value) {
    const json* node = Find(key);
    if (node == nullptr) return;
    const bool fits = node->is_number_integer() && *node >= low && *node <= high;
    if (!fits) return Fail(Wrong(key, absl::StrCat("a whole number from ", low, " to ", high)));
    value = node->get<int>();
  }

  void Seconds(const char* key, int high, absl::Duration& value) {
    int seconds = static_cast<int>(absl::ToInt64Seconds(value));
    Int(key, 1, high, seconds);
    value = absl::Seconds(seconds);
  }

  void Text(const char* key, std::string& value) {
    const json* node = Find(key);
    if (node == nullptr) return;
    if (!node->is_string()) return Fail(Wrong(key, "a string"));
    value = node->get<std::string>();
  }

  void Texts(const char* key, std::vector<std::string>& values) {
    const json* node = Find(key);
    if (node == nullptr) return;
    const json list = node->is_array() ? *node : json::array({*node});
    const bool fits =
        !list.empty() && std::all_of(list.begin(), list.end(), [](const json& item) { return item.is_string(); });
    if (!fits) return Fail(Wrong(key, "a string \"HOST:PORT\" or a list of them"));
    values = list.get<std::vector<std::string>>();
  }

  [[nodiscard]] const absl::Status& Result() const { return status_; }

 private:
  const json* Find(const char* key) const {
    const auto found = section_.find(key);
    return found == section_.end() ? nullptr : &*found;
  }

  void Fail(absl::Status error) { status_.Update(std::move(error)); }

  const json& section_;
  absl::Status status_;
};

/// That every service has an address, and that radiographs do not leave this machine in plaintext unless allowed.
absl::Status CheckServices(const Settings& settings) {
  for (const std::string& service : settings.services) {
    const absl::StatusOr<HostPort> address = ParseHostPort(service);
    if (!address.ok() || address->port == 0) {
      return Wrong("Service", absl::StrCat("\"HOST:PORT\" or a list of them; \"", service, "\" is not"));
    }
    if (!settings.tls && !settings.allow_plaintext && !IsLoopback(*address)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "CxrTriage.Service \"", service,
          "\" is another machine, and radiographs would travel to it in plaintext: set "
          "CxrTriage.Tls or CxrTriage.CaCertificate to encrypt, or CxrTriage.AllowPlaintext to allow it."));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTogether(const Settings& settings) {
  absl::Status services = CheckServices(settings);
  if (!services.ok()) return services;
  if (settings.client_certificate.empty() != settings.client_key.empty()) {
    return absl::InvalidArgumentError("CxrTriage.ClientCertificate and CxrTriage.ClientKey must be set together.");
  }
  const bool has_files = !settings.ca_certificate.empty() || !settings.client_certificate.empty();
  if (has_files && !settings.tls) {
    return absl::InvalidArgumentError(
        "CxrTriage.Tls is false, but certificates are given: set it to true or remove them.");
  }
  if (settings.outcome_metadata == settings.summary_metadata) {
    return absl::InvalidArgumentError("CxrTriage.OutcomeMetadata and CxrTriage.SummaryMetadata must differ.");
  }
  if (settings.position_property == settings.worklist_property ||
      settings.position_property == settings.start_property || settings.worklist_property == settings.start_property) {
    return absl::InvalidArgumentError(
        "CxrTriage.PositionProperty, CxrTriage.WorklistProperty and CxrTriage.StartProperty must differ.");
  }
  return absl::OkStatus();
}

void CollectWarnings(const json& section, Settings& settings) {
  for (const auto& [key, value] : section.items()) {
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
      settings.warnings.push_back(absl::StrCat(kSection, ".", key, " is not a setting and is ignored."));
    }
  }
  for (const std::string& service : settings.services) {
    const absl::StatusOr<HostPort> address = ParseHostPort(service);
    if (!settings.tls && address.ok() && !IsLoopback(*address)) {
      settings.warnings.push_back(absl::StrCat("Radiographs travel to ", service, " without encryption, as ", kSection,
                                               ".AllowPlaintext allows."));
    }
  }
}

absl::StatusOr<Settings> ParseSection(const json& section) {
  Settings settings;
  settings.enabled = true;
  Reader reader(section);
  reader.Bool("Enable", settings.enabled);
  reader.Texts("Service", settings.services);
  reader.Seconds("TimeoutSeconds", 3600, settings.timeout);
  reader.Int("Concurrency", 1, 64, settings.concurrency);
  reader.Int("MaxAttempts", 1, 100, settings.max_attempts);
  reader.Int("MaxServiceLosses", 1, 100, settings.max_service_losses);
  reader.Seconds("MaxBackoffSeconds", 3600, settings.max_backoff);
  reader.Seconds("PollSeconds", 3600, settings.poll_interval);
  int mebibytes = static_cast<int>(settings.max_message_bytes >> 20);
  reader.Int("MaxMessageMiB", 1, 2047, mebibytes);
  settings.max_message_bytes = std::int64_t{mebibytes} << 20;
  reader.Text("CaCertificate", settings.ca_certificate);
  reader.Text("ClientCertificate", settings.client_certificate);
  reader.Text("ClientKey", settings.client_key);
  settings.tls = !settings.ca_certificate.empty() || !settings.client_certificate.empty();
  reader.Bool("Tls", settings.tls);
  reader.Bool("AllowPlaintext", settings.allow_plaintext);
  reader.Int("OutcomeMetadata", kFirstUserId, kLastUserId, settings.outcome_metadata);
  reader.Int("SummaryMetadata", kFirstUserId, kLastUserId, settings.summary_metadata);
  reader.Int("PositionProperty", kFirstUserId, kLastUserId, settings.position_property);
  reader.Int("WorklistProperty", kFirstUserId, kLastUserId, settings.worklist_property);
  reader.Int("StartProperty", kFirstUserId, kLastUserId, settings.start_property);
  reader.Int("WorklistSize", 1, 100000, settings.worklist_size);
  absl::Status status = reader.Result();
  status.Update(CheckTogether(settings));
  if (!status.ok()) return status;
  CollectWarnings(section, settings);
  return settings;
}

}  // namespace

absl::StatusOr<Settings> ParseSettings(const std::string& orthanc_configuration) {
  const json configuration = json::parse(orthanc_configuration, nullptr, false);
  if (!configuration.is_object()) return absl::InvalidArgumentError("Orthanc's configuration is not a JSON object.");
  const auto section = configuration.find(kSection);
  if (section == configuration.end()) return Settings{};
  if (!section->is_object()) return absl::InvalidArgumentError("CxrTriage must be an object of settings.");
  return ParseSection(*section);
}

}  // namespace cxr::plugin
