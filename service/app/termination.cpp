// SPDX-License-Identifier: Apache-2.0
#include "service/app/termination.h"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace cxr {
namespace {

sigset_t HeldSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&signals, signal);
  return signals;
}

}  // namespace

Termination::Termination() {
  const sigset_t signals = HeldSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &signals, SFD_CLOEXEC);
  if (signals_ < 0) throw std::runtime_error("cannot wait for signals");
}

Termination::~Termination() {
  close(signals_);
}

const char* Termination::AwaitOr(int descriptor) {
  while (true) {
    std::array<pollfd, 2> waiting{{{signals_, POLLIN, 0}, {descriptor, POLLIN, 0}}};  // poll ignores a negative one
    if (poll(waiting.data(), waiting.size(), -1) < 0) continue;
    signalfd_siginfo received{};
    if ((waiting[0].revents & POLLIN) != 0 && read(signals_, &received, sizeof received) == sizeof received) {
      if (received.ssi_signo == SIGTERM) return "SIGTERM";
      if (received.ssi_signo == SIGINT) return "SIGINT";
      spdlog::info("{} received: it changes nothing", received.ssi_signo == SIGHUP ? "SIGHUP" : "SIGUSR1");
      continue;
    }
    if (waiting[1].revents != 0) return nullptr;
  }
}

}  // namespace cxr
