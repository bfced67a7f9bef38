// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/forwarding_policy.h"

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace cxr::plugin {
namespace {

std::string Normalized(const std::string& value) {
  return absl::AsciiStrToUpper(absl::StripAsciiWhitespace(value));
}

bool IsOwnEquipment(const std::string& manufacturer) {
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(manufacturer), kOwnManufacturer);
}

// Devices write "CHEST PA", "Thorax AP" and the like: a name is enough here, the service has the last word.
bool MayBeChest(const std::string& body_part) {
  constexpr std::array<const char*, 3> kNames = {"CHEST", "THORAX", "LUNG"};
  const std::string normalized = Normalized(body_part);
  if (normalized.empty()) return true;
  for (const char* name : kNames) {
    if (absl::StrContains(normalized, name)) return true;
  }
  return false;
}

ForwardingDecision LeftOut(const char* code, std::string message) {
  return {Route::kLeftOut, {{code, std::move(message)}}};
}

ForwardingDecision WrongModality(const std::string& modality) {
  return LeftOut("MODALITY_NOT_SUPPORTED", absl::StrCat("Modality is ", modality.empty() ? "not stated" : modality,
                                                        "; only CR and DX are sent."));
}

absl::StatusOr<ForwardingDecision> OwnResult(InstanceSource& source, const std::string& instance_id) {
  const absl::StatusOr<bool> by_plugin = source.StoredByPlugin(instance_id);
  if (!by_plugin.ok()) return by_plugin.status();
  if (*by_plugin) {
    return ForwardingDecision{Route::kOwnResult, {{"OWN_RESULT", "This is a result that cxr-triage stored."}}};
  }
  return ForwardingDecision{Route::kOwnResult,
                            {{"OWN_RESULT_RESENT", "This is a result of cxr-triage that came back from elsewhere."}}};
}

}  // namespace

bool IsRadiography(const std::string& modality) {
  const std::string normalized = Normalized(modality);
  return normalized == "CR" || normalized == "DX";
}

absl::StatusOr<ForwardingDecision> DecideForwarding(InstanceSource& source, const std::string& instance_id,
                                                    const SeriesFacts& series) {
  if (!IsRadiography(series.modality)) {
    if (IsOwnEquipment(series.manufacturer)) return OwnResult(source, instance_id);
    return WrongModality(series.modality);
  }
  const absl::StatusOr<InstanceFacts> instance = source.ReadInstance(instance_id);
  if (!instance.ok()) return instance.status();
  if (IsOwnEquipment(instance->manufacturer)) return OwnResult(source, instance_id);
  if (!IsRadiography(instance->modality)) return WrongModality(instance->modality);
  if (!MayBeChest(instance->body_part)) {
    return LeftOut("BODY_PART_NOT_SUPPORTED", absl::StrCat("Body part is ", instance->body_part,
                                                           "; only chest, thorax and lung, or none, are sent."));
  }
  return ForwardingDecision{};
}

}  // namespace cxr::plugin
