// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/instance_processor.h"

#include <utility>
#include <vector>

#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

// Whatever the archive refuses may pass, except that the instance is gone.
ProcessResult ArchiveTrouble(const absl::Status& error) {
  ProcessResult result;
  result.verdict = absl::IsNotFound(error) ? Verdict::kGone : Verdict::kTransient;
  result.error = error;
  return result;
}

ProcessResult Concluded(Verdict verdict) {
  ProcessResult result;
  result.verdict = verdict;
  return result;
}

}  // namespace

ProcessResult InstanceProcessor::Process(const WorkItem& item) {
  const absl::StatusOr<SeriesFacts> series = ports_.source.ReadSeries(item.instance_id);
  if (!series.ok()) return ArchiveTrouble(series.status());
  const absl::StatusOr<absl::optional<Outcome>> earlier = ports_.outcomes.ReadOutcome(item.instance_id);
  if (!earlier.ok()) return ArchiveTrouble(earlier.status());
  if (earlier->has_value()) {
    const absl::Status summarized = ports_.recorder.Summarize(item.instance_id, series->study_id, **earlier);
    return summarized.ok() ? Concluded(Verdict::kSettledEarlier) : ArchiveTrouble(summarized);
  }
  if (!item.decided) {
    const absl::StatusOr<ForwardingDecision> decision = DecideForwarding(ports_.source, item.instance_id);
    if (!decision.ok()) return ArchiveTrouble(decision.status());
    if (decision->route == Route::kLeftOut) return Concluded(Verdict::kLeftOut);
    if (decision->route == Route::kOwnResult) return Concluded(Verdict::kOwnResult);
  }
  return Analyze(item.instance_id, series->study_id);
}

ProcessResult InstanceProcessor::Analyze(const std::string& instance_id, const std::string& study_id) {
  absl::StatusOr<std::string> file = ports_.source.ReadFile(instance_id, max_file_bytes_);
  if (!file.ok()) {
    return ReasonOf(file.status()) == kMessageTooLarge ? RecordFailure(instance_id, study_id, file.status())
                                                       : ArchiveTrouble(file.status());
  }
  absl::StatusOr<AnalysisResult> answer = ports_.client.Analyze(*std::move(file));
  ProcessResult result;
  if (answer.ok()) {
    result = StoreAndRecord(instance_id, study_id, *std::move(answer));
    result.answered = true;
    return result;
  }
  result.error = answer.status();
  if (absl::IsCancelled(answer.status())) {
    result.verdict = Verdict::kStopped;
    return result;
  }
  switch (ClassifyServiceError(answer.status())) {
    case FailureKind::kServiceAway:
      result.verdict = Verdict::kServiceAway;
      break;
    case FailureKind::kTransient:
      result.verdict = Verdict::kTransient;
      result.service_failed = true;
      break;
    case FailureKind::kPermanent:
      result = RecordFailure(instance_id, study_id, answer.status());
      result.answered = true;
      break;
  }
  return result;
}

ProcessResult InstanceProcessor::StoreAndRecord(const std::string& instance_id, const std::string& study_id,
                                                AnalysisResult result) {
  // A study deleted during the analysis must not come back to life through its results.
  const absl::StatusOr<SeriesFacts> still_there = ports_.source.ReadSeries(instance_id);
  if (!still_there.ok()) return ArchiveTrouble(still_there.status());

  Outcome outcome;
  outcome.kind = result.kind;
  outcome.reasons = std::move(result.reasons);
  outcome.classification = std::move(result.classification);
  outcome.model = std::move(result.model);
  outcome.settled_at = ports_.clock.Now();
  std::vector<StoreReceipt> receipts;
  for (const ProducedObject& object : result.objects) {
    absl::StatusOr<StoreReceipt> receipt = ports_.results.Store(object.content);
    if (!receipt.ok()) {
      ProcessResult trouble;
      trouble.verdict = Verdict::kTransient;
      trouble.error = receipt.status();
      return trouble;
    }
    outcome.objects.push_back({object.kind, object.sop_instance_uid, object.series_instance_uid, receipt->instance_id});
    receipts.push_back(*std::move(receipt));
  }
  const absl::Status recorded = ports_.recorder.Record(instance_id, study_id, outcome);
  if (absl::IsNotFound(recorded)) RemoveOrphans(receipts);
  if (!recorded.ok()) return ArchiveTrouble(recorded);
  ProcessResult settled = Concluded(Verdict::kSettled);
  settled.outcome = std::move(outcome);
  return settled;
}

void InstanceProcessor::RemoveOrphans(const std::vector<StoreReceipt>& receipts) {
  for (const StoreReceipt& receipt : receipts) {
    // What cannot be removed stays as a result without source; there is no better place for it to go.
    if (receipt.was_new) ports_.results.Remove(receipt.instance_id).IgnoreError();
  }
}

ProcessResult InstanceProcessor::RecordFailure(const std::string& instance_id, const std::string& study_id,
                                               const absl::Status& error) {
  Outcome outcome;
  outcome.kind = OutcomeKind::kFailed;
  outcome.reasons.push_back({ReasonOf(error), std::string(error.message())});
  outcome.settled_at = ports_.clock.Now();
  const absl::Status recorded = ports_.recorder.Record(instance_id, study_id, outcome);
  if (!recorded.ok()) return ArchiveTrouble(recorded);
  ProcessResult settled = Concluded(Verdict::kSettled);
  settled.error = error;
  settled.outcome = std::move(outcome);
  return settled;
}

ProcessResult InstanceProcessor::GiveUp(const WorkItem& item, const absl::Status& error) {
  const absl::StatusOr<SeriesFacts> series = ports_.source.ReadSeries(item.instance_id);
  if (!series.ok()) return ArchiveTrouble(series.status());
  return RecordFailure(item.instance_id, series->study_id, error);
}

}  // namespace cxr::plugin
