// SPDX-License-Identifier: Apache-2.0
#include "trainer/learn/checkpoint.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <sstream>
#include <stdexcept>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "service/base/file.h"

namespace cxr {
namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::uint64_t kMaxCheckpoint = 4ULL << 30U;

c10::IValue ReadValue(torch::serialize::InputArchive& archive, const std::string& key) {
  c10::IValue value;
  archive.read(key, value);
  return value;
}

void WriteFacts(torch::serialize::OutputArchive& archive, const CheckpointFacts& facts) {
  const TrainingPosition& position = facts.position;
  archive.write("format", c10::IValue(kFormat));
  archive.write("config", c10::IValue(facts.identity.config));
  archive.write("data", c10::IValue(facts.identity.data));
  archive.write("command", c10::IValue(facts.command));
  archive.write("curves", c10::IValue(facts.curves));
  archive.write("epoch", c10::IValue(static_cast<std::int64_t>(position.epoch)));
  archive.write("batches", c10::IValue(position.batches));
  archive.write("steps", c10::IValue(position.steps));
  archive.write("loss", c10::IValue(position.loss));
  archive.write("scores", c10::IValue(position.scores));
}

CheckpointFacts ReadFacts(torch::serialize::InputArchive& archive) {
  if (ReadValue(archive, "format").toInt() != kFormat) throw std::runtime_error("it is of another version");
  CheckpointFacts facts;
  facts.identity.config = ReadValue(archive, "config").toStringRef();
  facts.identity.data = ReadValue(archive, "data").toStringRef();
  facts.command = ReadValue(archive, "command").toStringRef();
  facts.curves = ReadValue(archive, "curves").toStringRef();
  TrainingPosition& position = facts.position;
  position.epoch = static_cast<int>(ReadValue(archive, "epoch").toInt());
  position.batches = ReadValue(archive, "batches").toInt();
  position.steps = ReadValue(archive, "steps").toInt();
  position.loss = ReadValue(archive, "loss").toDouble();
  position.scores = ReadValue(archive, "scores").toDoubleVector();
  return facts;
}

/// "learning-rate" -> "0.0005" of the lines "train.learning-rate=0.0005" that decide the weights.
std::map<std::string, std::string> DecidingOptions(const std::string& config) {
  constexpr std::array<absl::string_view, 9> kFree = {
      "balance-recall", "out", "data", "backbone", "device", "threads", "loaders", "resume", "checkpoint-steps"};
  std::map<std::string, std::string> options;
  for (const absl::string_view line : absl::StrSplit(config, '\n')) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits('=', 1));
    const absl::string_view name = parts.first.substr(std::min(parts.first.find('.') + 1, parts.first.size()));
    const bool free = std::find(kFree.begin(), kFree.end(), name) != kFree.end();
    if (!name.empty() && !free) options[std::string(parts.first)] = std::string(parts.second);
  }
  return options;
}

/// 5e-4 is 0.0005.
bool SameValue(const std::string& a, const std::string& b) {
  double first = 0;
  double second = 0;
  return a == b || (absl::SimpleAtod(a, &first) && absl::SimpleAtod(b, &second) && first == second);
}

}  // namespace

absl::Status WriteCheckpoint(const std::string& path, const CheckpointFacts& facts,
                             const std::function<void(torch::serialize::OutputArchive&)>& tensors) {
  std::ostringstream bytes;
  torch::serialize::OutputArchive archive;
  WriteFacts(archive, facts);
  tensors(archive);
  archive.save_to(bytes);
  return ReplaceFile(path, bytes.str());
}

absl::StatusOr<CheckpointFacts> ReadCheckpoint(const std::string& path, const std::string& device,
                                               const std::function<void(torch::serialize::InputArchive&)>& tensors) {
  auto bytes = ReadFile(path, kMaxCheckpoint);
  if (!bytes.ok()) return bytes.status();
  std::istringstream stream(*std::move(bytes));
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(stream, torch::Device(device));
    CheckpointFacts facts = ReadFacts(archive);
    if (tensors) tensors(archive);
    return facts;
  } catch (const c10::Error&) {  // its text is a stack of LibTorch's own source lines
    return absl::InvalidArgumentError(absl::StrCat(path, " is no whole checkpoint of cxr-train"));
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is no checkpoint of this run: ", error.what()));
  }
}

absl::Status CheckSameRun(const RunIdentity& earlier, const RunIdentity& now) {
  auto before = DecidingOptions(earlier.config);
  auto after = DecidingOptions(now.config);
  for (const auto& [name, value] : before) after.emplace(name, "unset");
  for (const auto& [name, value] : after) {
    const auto found = before.emplace(name, "unset").first;
    if (!SameValue(found->second, value)) {
      return absl::FailedPreconditionError(
          absl::StrCat(name, " was ", found->second, " when the checkpoint was written and is ", value, " now"));
    }
  }
  if (earlier.data == now.data) return absl::OkStatus();
  return absl::FailedPreconditionError("the images for training and validation are not those of the checkpoint");
}

void CopyTensors(const std::vector<torch::Tensor>& saved, const std::vector<torch::Tensor>& targets) {
  torch::NoGradGuard no_grad;
  if (saved.size() != targets.size()) throw std::runtime_error("its network has another number of layers");
  for (std::size_t i = 0; i < saved.size(); ++i) {
    if (saved[i].sizes() != targets[i].sizes()) throw std::runtime_error("its network has layers of other sizes");
    torch::Tensor target = targets[i].detach();
    target.copy_(saved[i]);
  }
}

}  // namespace cxr
