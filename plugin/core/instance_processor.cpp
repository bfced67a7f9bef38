// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/instance_processor.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "plugin/core/service_error.h"
#include "service/base/sha256.h"

namespace cxr::plugin {
namespace {

constexpr char kInOtherStudy[] = "RESULT_IN_OTHER_STUDY";

ProcessResult Concluded(Verdict verdict, absl::Status error = absl::OkStatus()) {
  ProcessResult result;
  result.verdict = verdict;
  result.error = std::move(error);
  return result;
}

// Whatever the archive refuses may pass, except that the instance is gone.
ProcessResult ArchiveTrouble(const absl::Status& error) {
  return Concluded(absl::IsNotFound(error) ? Verdict::kGone : Verdict::kArchiveAway, error);
}

}  // namespace

ProcessResult InstanceProcessor::Process(const WorkItem& item) {
  Job job;
  job.instance_id = item.instance_id;
  job.study_id = item.study_id;
  job.stored = item.stored;
  SeriesFacts series;
  if (item.study_id.empty() || !item.decided) {
    absl::StatusOr<SeriesFacts> read = ports_.source.ReadSeries(item.instance_id);
    if (!read.ok()) return ArchiveTrouble(read.status());
    series = *std::move(read);
    job.study_id = series.study_id;
  }
  const absl::StatusOr<absl::optional<Outcome>> earlier = ports_.outcomes.ReadOutcome(item.instance_id);
  if (!earlier.ok()) return ArchiveTrouble(earlier.status());
  if (earlier->has_value()) {
    const absl::StatusOr<bool> present = SpeaksOfPresentContent(item.instance_id, **earlier);
    if (!present.ok()) return ArchiveTrouble(present.status());
    if (*present) {
      const absl::Status summarized = ports_.worklist.Put(item.instance_id, job.study_id, **earlier);
      return summarized.ok() ? Concluded(Verdict::kSettledEarlier) : ArchiveTrouble(summarized);
    }
  }
  if (!item.decided) {
    const absl::StatusOr<ForwardingDecision> decision = DecideForwarding(ports_.source, item.instance_id, series);
    if (!decision.ok()) return ArchiveTrouble(decision.status());
    if (decision->route == Route::kLeftOut) return Concluded(Verdict::kLeftOut);
    if (decision->route == Route::kOwnResult) return Concluded(Verdict::kOwnResult);
  }
  const absl::Status found = FindFormerResults(*earlier, job);
  if (!found.ok()) return ArchiveTrouble(found);
  return Analyze(std::move(job));
}

absl::StatusOr<bool> InstanceProcessor::SpeaksOfPresentContent(const std::string& instance_id, const Outcome& outcome) {
  if (outcome.source.storage_id.empty()) return true;  // an outcome of version 0.1.0 does not say
  const absl::StatusOr<std::string> storage_id = ports_.source.ReadStorageId(instance_id);
  if (!storage_id.ok()) return storage_id.status();
  if (*storage_id == outcome.source.storage_id) return true;
  const absl::StatusOr<SourceFile> file = ports_.source.ReadFile(instance_id, max_file_bytes_);
  if (ReasonOf(file.status()) == kMessageTooLarge) return false;
  if (!file.ok()) return file.status();
  return Sha256Hex(file->content) == outcome.source.sha256;
}

absl::Status InstanceProcessor::FindFormerResults(const absl::optional<Outcome>& earlier, Job& job) {
  if (earlier.has_value()) {
    for (const StoredObject& object : earlier->objects) job.former.push_back(object.instance_id);
  }
  // An instance that was deleted and stored again has lost its outcome; its study, which holds the results, has not.
  const absl::StatusOr<absl::optional<StudySummary>> summary = ports_.outcomes.ReadSummary(job.study_id);
  if (!summary.ok()) return summary.status();
  const SummaryEntry* entry = summary->has_value() ? (*summary)->Find(job.instance_id) : nullptr;
  if (entry == nullptr) return absl::OkStatus();
  for (const std::string& result : entry->results) {
    if (!absl::c_linear_search(job.former, result)) job.former.push_back(result);
  }
  job.source.sha256 = entry->source_sha256;  // for comparison, until the present content is read
  return absl::OkStatus();
}

ProcessResult InstanceProcessor::Analyze(Job job) {
  absl::StatusOr<SourceFile> file = ports_.source.ReadFile(job.instance_id, max_file_bytes_);
  if (!file.ok()) {
    if (ReasonOf(file.status()) == kMessageTooLarge) {
      job.source = {};
      return RecordFailure(std::move(job), file.status());
    }
    ProcessResult unreadable =
        Concluded(absl::IsNotFound(file.status()) ? Verdict::kGone : Verdict::kUnreadable, file.status());
    unreadable.stored = std::move(job.stored);
    return unreadable;
  }
  const std::string former_sha256 = std::exchange(job.source.sha256, Sha256Hex(file->content));
  job.source.storage_id = file->storage_id;
  job.content_changed = job.source.sha256 != former_sha256;
  absl::StatusOr<AnalysisResult> answer = ports_.client.Analyze(std::move(file->content));
  if (answer.ok()) {
    ProcessResult result = StoreAndRecord(std::move(job), *std::move(answer));
    result.answered = true;
    return result;
  }
  ProcessResult result = Concluded(Verdict::kStopped, answer.status());
  result.stored = job.stored;
  if (absl::IsCancelled(answer.status())) return result;
  switch (ClassifyServiceError(answer.status())) {
    case FailureKind::kServiceAway:
      result.verdict = ReasonOf(answer.status()) == kConnectionLost ? Verdict::kServiceLost : Verdict::kServiceAway;
      break;
    case FailureKind::kTransient:
      result.verdict = Verdict::kTransient;
      result.service_failed = true;
      break;
    case FailureKind::kPermanent:
      result = RecordFailure(std::move(job), answer.status());
      result.answered = true;
      break;
  }
  return result;
}

ProcessResult InstanceProcessor::StoreAndRecord(Job job, AnalysisResult result) {
  // A study deleted during the analysis must not come back to life through its results, and the answer must not be
  // filed under an image that is another one by now.
  const absl::StatusOr<std::string> storage_id = ports_.source.ReadStorageId(job.instance_id);
  if (!storage_id.ok()) return NotStored(std::move(job), storage_id.status());
  if (*storage_id != job.source.storage_id) {
    ProcessResult changed = Concluded(Verdict::kChanged, absl::AbortedError("The instance was stored again."));
    changed.stored = std::move(job.stored);
    return changed;
  }
  Outcome outcome;
  outcome.kind = result.kind;
  outcome.reasons = std::move(result.reasons);
  outcome.classification = std::move(result.classification);
  outcome.model = std::move(result.model);
  outcome.source = job.source;
  for (const ProducedObject& object : result.objects) {
    const absl::Status stored = StoreResult(object, job, outcome);
    if (ReasonOf(stored) == kInOtherStudy) return RecordFailure(std::move(job), stored);
    if (!stored.ok()) return NotStored(std::move(job), stored);
  }
  std::vector<std::string> obsolete = job.former;
  obsolete.erase(std::remove_if(obsolete.begin(), obsolete.end(),
                                [&](const std::string& id) { return absl::c_linear_search(job.stored, id); }),
                 obsolete.end());
  absl::Status status = Remove(obsolete);
  ProcessResult recorded = status.ok() ? Record(job, std::move(outcome)) : ArchiveTrouble(status);
  if (recorded.verdict == Verdict::kGone) {
    // What cannot be removed stays as a result without source; there is no better place for it to go.
    Remove(job.added).IgnoreError();
  } else if (recorded.verdict != Verdict::kSettled) {
    recorded.stored = std::move(job.stored);  // complete, and named by the outcome once that can be written
  }
  return recorded;
}

absl::Status InstanceProcessor::StoreResult(const ProducedObject& object, Job& job, Outcome& outcome) {
  absl::StatusOr<StoreReceipt> receipt = ports_.results.Store(object.content);
  if (receipt.ok() && !receipt->was_new && job.content_changed &&
      absl::c_linear_search(job.former, receipt->instance_id)) {
    // A result of the former content under the same UID: the archive kept that one.
    const absl::Status removed = ports_.results.Remove(receipt->instance_id);
    if (!removed.ok()) return removed;
    receipt = ports_.results.Store(object.content);
  }
  if (!receipt.ok()) return receipt.status();
  if (!absl::c_linear_search(job.stored, receipt->instance_id)) job.stored.push_back(receipt->instance_id);
  if (receipt->was_new) job.added.push_back(receipt->instance_id);
  if (receipt->study_id != job.study_id) {
    return ServiceError(absl::StatusCode::kFailedPrecondition, kInOtherStudy,
                        "Orthanc put a result into another study than that of its source; the results were removed.");
  }
  outcome.objects.push_back({object.kind, object.sop_instance_uid, object.series_instance_uid, receipt->instance_id});
  return absl::OkStatus();
}

ProcessResult InstanceProcessor::NotStored(Job job, const absl::Status& error) {
  // Half a result is none: a capture goes when its report cannot be stored.
  ProcessResult result = ArchiveTrouble(error);
  if (absl::IsFailedPrecondition(error)) result.verdict = Verdict::kTransient;
  std::vector<std::string> left = job.added;
  Remove(left).IgnoreError();
  for (const std::string& id : job.stored) {
    if (!absl::c_linear_search(job.added, id) || absl::c_linear_search(left, id)) result.stored.push_back(id);
  }
  return result;
}

ProcessResult InstanceProcessor::RecordFailure(Job job, const absl::Status& error) {
  Outcome outcome;
  outcome.kind = OutcomeKind::kFailed;
  outcome.reasons.push_back({ReasonOf(error), std::string(error.message())});
  outcome.source = job.source;
  job.stored.insert(job.stored.end(), job.former.begin(), job.former.end());
  const absl::Status removed = Remove(job.stored);
  ProcessResult result = removed.ok() ? Record(job, std::move(outcome)) : ArchiveTrouble(removed);
  if (result.verdict == Verdict::kSettled) result.error = error;
  if (result.verdict == Verdict::kArchiveAway) result.stored = std::move(job.stored);
  return result;
}

ProcessResult InstanceProcessor::Record(const Job& job, Outcome outcome) {
  outcome.settled_at = ports_.clock.Now();
  absl::Status status = ports_.outcomes.WriteOutcome(job.instance_id, outcome);
  if (status.ok()) status = ports_.worklist.Put(job.instance_id, job.study_id, outcome);
  if (!status.ok()) return ArchiveTrouble(status);
  ProcessResult settled = Concluded(Verdict::kSettled);
  settled.outcome = std::move(outcome);
  return settled;
}

absl::Status InstanceProcessor::Remove(std::vector<std::string>& results) {
  absl::Status first;
  std::vector<std::string> left;
  for (std::string& result : results) {
    absl::Status removed = ports_.results.Remove(result);
    if (removed.ok()) continue;
    first.Update(removed);
    left.push_back(std::move(result));
  }
  results = std::move(left);
  return first;
}

ProcessResult InstanceProcessor::GiveUp(const WorkItem& item, const absl::Status& error) {
  Job job;
  job.instance_id = item.instance_id;
  job.stored = item.stored;
  const absl::StatusOr<SeriesFacts> series = ports_.source.ReadSeries(item.instance_id);
  if (!series.ok()) return ArchiveTrouble(series.status());
  job.study_id = series->study_id;
  absl::StatusOr<std::string> storage_id = ports_.source.ReadStorageId(item.instance_id);
  if (!storage_id.ok()) return ArchiveTrouble(storage_id.status());
  const absl::StatusOr<absl::optional<Outcome>> earlier = ports_.outcomes.ReadOutcome(item.instance_id);
  if (!earlier.ok()) return ArchiveTrouble(earlier.status());
  const absl::Status found = FindFormerResults(*earlier, job);
  if (!found.ok()) return ArchiveTrouble(found);
  job.source = {*std::move(storage_id), ""};
  return RecordFailure(std::move(job), error);
}

}  // namespace cxr::plugin
