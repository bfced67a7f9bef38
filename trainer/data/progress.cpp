// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/progress.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace cxr {
namespace {

constexpr std::chrono::milliseconds kRedraw{200};
constexpr std::chrono::milliseconds kLine{10000};
constexpr std::size_t kBarWidth = 24;

}  // namespace

std::string FormatDuration(double seconds) {
  const auto total = static_cast<long>(std::clamp(seconds, 0.0, 1e7));
  if (total < 3600) return absl::StrFormat("%d:%02d", total / 60, total % 60);
  return absl::StrFormat("%d:%02d:%02d", total / 3600, total / 60 % 60, total % 60);
}

Progress::Progress(std::string label, std::size_t total)
    : label_(std::move(label)),
      total_(std::max<std::size_t>(total, 1)),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(Clock::now()),
      drawn_(start_) {}

Progress::~Progress() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (done_ < total_ && done_ > 0) Draw("stopped", true);
}

void Progress::Add(std::size_t images, const std::string& note) {
  const std::lock_guard<std::mutex> lock(mutex_);
  done_ += images;
  const Clock::time_point now = Clock::now();
  const bool last = done_ >= total_;
  if (!last && now - drawn_ < (terminal_ ? kRedraw : kLine)) return;
  drawn_ = now;
  Draw(note, last);
}

double Progress::Rate() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return RateLocked();
}

double Progress::RateLocked() const {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  return static_cast<double>(done_) / std::max(seconds, 1e-6);
}

void Progress::Draw(const std::string& note, bool last) {
  const double rate = RateLocked();
  const double left = static_cast<double>(total_ - std::min(done_, total_)) / std::max(rate, 1e-6);
  std::string line = absl::StrFormat("%-20s ", label_);
  if (terminal_) {
    const std::size_t filled = kBarWidth * std::min(done_, total_) / total_;
    absl::StrAppend(&line, "[", std::string(filled, '#'), std::string(kBarWidth - filled, '.'), "] ");
  }
  line += absl::StrFormat("%d/%d  %.1f images/s  %s left  %s", done_, total_, rate, FormatDuration(left), note);
  std::fprintf(stderr, "%s%s%s", terminal_ ? "\r\033[K" : "", line.c_str(), !terminal_ || last ? "\n" : "");
  std::fflush(stderr);
}

}  // namespace cxr
