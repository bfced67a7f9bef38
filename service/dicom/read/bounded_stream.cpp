// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/bounded_stream.h"

#include <dcmtk/dcmdata/dcerror.h>

#include <algorithm>
#include <cstring>
#include <ctime>

namespace cxr {
namespace {

// The frame's own address and not that of a local, which a sanitizer may keep on the heap.
std::uintptr_t StackPosition() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

// Of this thread: a busy machine must not make a file unreadable.
std::chrono::nanoseconds ProcessorTime() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

constexpr std::int64_t kReadsBetweenClocks = 256;

}  // namespace

BoundedProducer::BoundedProducer(absl::string_view bytes, const ReadLimits& limits)
    : bytes_(bytes), limits_(limits), stack_base_(StackPosition()), began_(ProcessorTime()) {}

OFBool BoundedProducer::good() const {
  return !limit_reached_ && !bad_putback_;
}

OFCondition BoundedProducer::status() const {
  if (limit_reached_) return EC_MemoryExhausted;
  return bad_putback_ ? EC_PutbackFailed : EC_Normal;
}

OFBool BoundedProducer::eos() {
  return limit_reached_ || position_ == bytes_.size();
}

offile_off_t BoundedProducer::avail() {
  return limit_reached_ ? 0 : static_cast<offile_off_t>(bytes_.size() - position_);
}

bool BoundedProducer::Admit() {
  const std::uintptr_t here = StackPosition();
  const std::uintptr_t used = here < stack_base_ ? stack_base_ - here : here - stack_base_;
  if (++reads_ > limits_.max_reads || used > limits_.max_stack_bytes) limit_reached_ = true;
  if (reads_ % kReadsBetweenClocks == 0 && ProcessorTime() - began_ > limits_.max_parse_time) limit_reached_ = true;
  return !limit_reached_;
}

offile_off_t BoundedProducer::read(void* buffer, offile_off_t length) {
  if (length <= 0 || buffer == nullptr || !Admit()) return 0;
  const std::size_t count = std::min(static_cast<std::size_t>(length), bytes_.size() - position_);
  std::memcpy(buffer, bytes_.data() + position_, count);
  position_ += count;
  return static_cast<offile_off_t>(count);
}

offile_off_t BoundedProducer::skip(offile_off_t length) {
  if (length <= 0 || !Admit()) return 0;
  const std::size_t count = std::min(static_cast<std::size_t>(length), bytes_.size() - position_);
  position_ += count;
  return static_cast<offile_off_t>(count);
}

void BoundedProducer::putback(offile_off_t count) {
  if (count < 0 || static_cast<std::size_t>(count) > position_) {
    bad_putback_ = true;
    return;
  }
  position_ -= static_cast<std::size_t>(count);
}

// The base class does not look at the producer in its constructor, so the member may be made after it.
BoundedInputStream::BoundedInputStream(absl::string_view bytes, const ReadLimits& limits)
    : DcmInputStream(&producer_), producer_(bytes, limits) {}

}  // namespace cxr
