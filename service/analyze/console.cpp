// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/console.h"

#include <string>

namespace cxr {
namespace {

constexpr std::size_t kBarWidth = 40;
constexpr std::chrono::seconds kLinePause(10);
constexpr char kClearLine[] = "\r\x1B[K";

}  // namespace

void Console::Start(std::size_t total) {
  const std::lock_guard<std::mutex> lock(mutex_);
  running_ = true;
  done_ = 0;
  total_ = total;
  last_line_ = std::chrono::steady_clock::now();
  if (is_terminal_) Draw();
}

void Console::Advance() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++done_;
  if (is_terminal_) {
    Draw();
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (done_ == total_ || now - last_line_ < kLinePause) return;
  last_line_ = now;
  *stream_ << "Analysed " << done_ << " of " << total_ << std::endl;
}

void Console::Finish() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (running_ && is_terminal_) *stream_ << std::endl;
  running_ = false;
}

void Console::Say(absl::string_view line) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (running_ && is_terminal_) *stream_ << kClearLine;
  *stream_ << line << std::endl;
  if (running_ && is_terminal_) Draw();
}

void Console::Draw() {
  const std::size_t filled = total_ == 0 ? kBarWidth : kBarWidth * done_ / total_;
  *stream_ << kClearLine << '[' << std::string(filled, '#') << std::string(kBarWidth - filled, '.') << "] " << done_
           << " of " << total_ << std::flush;
}

}  // namespace cxr
