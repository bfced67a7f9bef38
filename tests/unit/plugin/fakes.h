// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "plugin/core/analysis_client.h"
#include "plugin/core/clock.h"
#include "plugin/core/dispatcher_report.h"
#include "plugin/core/service_error.h"

namespace cxr::plugin {

class FakeClock : public Clock {
 public:
  [[nodiscard]] absl::Time Now() const override { return now_; }
  void Advance(absl::Duration duration) { now_ += duration; }
  void Set(absl::Time now) { now_ = now; }

 private:
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
};

inline AnalysisResult Positive(double score = 0.9) {
  AnalysisResult result;
  result.kind = OutcomeKind::kAnalysed;
  result.classification = Classification{kPositive, "BACTERIA", score, 0.5, 0.5, score, 1 - score, 0};
  result.model = {"model", "1.0.0", "abc"};
  result.objects = {{"secondary capture", "1.2", "1.1", "capture"}, {"structured report", "1.4", "1.3", "report"}};
  return result;
}

/// Answers from a list, then with `otherwise`. It locks, so that tests may use it from several threads.
class FakeClient : public AnalysisClient {
 public:
  absl::StatusOr<AnalysisResult> Analyze(std::string dicom) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    ++calls;
    sent.push_back(dicom);
    if (during_call) during_call();
    if (answer_to.count(dicom) != 0) return answer_to.at(dicom);
    if (answers.empty()) return otherwise;
    absl::StatusOr<AnalysisResult> answer = answers.front();
    answers.pop_front();
    return answer;
  }
  absl::StatusOr<ModelIdentity> DescribeModel() override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    return description;
  }
  void Cancel() override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    cancelled = true;
  }

  std::recursive_mutex mutex_;
  int calls = 0;
  std::vector<std::string> sent;
  std::map<std::string, absl::StatusOr<AnalysisResult>> answer_to;  ///< by content; before `answers`
  bool cancelled = false;
  std::function<void()> during_call;
  std::deque<absl::StatusOr<AnalysisResult>> answers;
  absl::StatusOr<AnalysisResult> otherwise = Positive();
  absl::StatusOr<ModelIdentity> description = ModelIdentity{"model", "1.0.0", "abc"};
};

/// Keeps what it hears. Thread-safe.
class RecordingObserver : public DispatcherObserver {
 public:
  void OnFollowing(std::int64_t position) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    events.push_back(absl::StrCat("following ", position));
  }
  void OnSettled(const std::string& id, const Outcome& outcome) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    events.push_back(absl::StrCat("settled ", id, " ", OutcomeName(outcome.kind)));
  }
  void OnRetry(const std::string& id, const absl::Status&, int n) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    events.push_back(absl::StrCat("retry ", id, " ", n));
  }
  void OnGone(const std::string& id) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    events.push_back(absl::StrCat("gone ", id));
  }
  void OnServiceAway(const absl::Status&) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    events.push_back("away");
  }
  void OnServiceBack() override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    events.push_back("back");
  }
  void OnArchiveTrouble(const absl::Status&) override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    events.push_back("trouble");
  }
  void OnArchiveBack() override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    events.push_back("trouble over");
  }
  void OnLogLost() override {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    events.push_back("log lost");
  }

  std::recursive_mutex mutex_;
  std::vector<std::string> events;
};

inline absl::Status ConnectionLost() {
  return ServiceError(absl::StatusCode::kUnavailable, kConnectionLost, "Socket closed");
}

inline absl::Status Unavailable() {
  return ServiceError(absl::StatusCode::kUnavailable, "", "away");
}

}  // namespace cxr::plugin
