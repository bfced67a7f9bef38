// SPDX-License-Identifier: Apache-2.0
#include "trainer/data/run_context.h"

#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace cxr {

StopSignal::StopSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  descriptor_ = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
}

StopSignal::~StopSignal() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool StopSignal::Requested() const {
  // The signal is looked at and not consumed, so every later question has the same answer.
  pollfd question{descriptor_, POLLIN, 0};
  return descriptor_ >= 0 && poll(&question, 1, 0) > 0;
}

void KeepFreedMemory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
}

}  // namespace cxr
