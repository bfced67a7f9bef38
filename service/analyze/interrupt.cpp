// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/interrupt.h"

#include <pthread.h>

#include <csignal>
#include <initializer_list>

namespace cxr {
namespace {

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

Interrupt::Interrupt() {
  const sigset_t signals = SetOf({SIGINT, SIGTERM, SIGUSR1});
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  listener_ = std::jthread(Listen, source_);
}

Interrupt::~Interrupt() {
  pthread_kill(listener_.native_handle(), SIGUSR1);
}

}  // namespace cxr
