// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/terminal.h"

#include <pthread.h>

#include <csignal>
#include <initializer_list>
#include <string>

namespace cxr {
namespace {

constexpr std::size_t kBarWidth = 40;
constexpr std::chrono::seconds kLinePause(10);
constexpr char kClearLine[] = "\r\x1B[K";

sigset_t SetOf(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

void Listen(std::stop_source source) {
  const sigset_t awaited = SetOf({SIGINT, SIGTERM, SIGUSR1});
  int signal = 0;
  sigwait(&awaited, &signal);
  if (signal == SIGUSR1) return;  // the end, without an interrupt
  source.request_stop();
  const sigset_t next = SetOf({SIGINT, SIGTERM});
  pthread_sigmask(SIG_UNBLOCK, &next, nullptr);  // this thread now takes the second one, and the process ends
  const sigset_t end = SetOf({SIGUSR1});
  sigwait(&end, &signal);
}

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

Interrupt::Interrupt() {
  const sigset_t signals = SetOf({SIGINT, SIGTERM, SIGUSR1});
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  listener_ = std::jthread(Listen, source_);
}

Interrupt::~Interrupt() {
  pthread_kill(listener_.native_handle(), SIGUSR1);
}

}  // namespace cxr
