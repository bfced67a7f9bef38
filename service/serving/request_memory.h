// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace cxr {

/// Bounds the bytes of requests that are held at once. A request takes a share of the largest size it may have before
/// it is received, keeps what it really needs, and gives it back with its answer. Thread-safe. Must outlive its shares.
class RequestMemory {
 public:
  /// A part of the memory, given back when it is destroyed.
  class Share {
   public:
    Share() = default;
    Share(Share&& other) noexcept : memory_(std::exchange(other.memory_, nullptr)), bytes_(other.bytes_) {}
    Share& operator=(Share&& other) noexcept {
      Share old(std::move(*this));
      memory_ = std::exchange(other.memory_, nullptr);
      bytes_ = other.bytes_;
      return *this;
    }
    ~Share() { ShrinkTo(0); }

    /// Gives back what is beyond `bytes`.
    void ShrinkTo(std::int64_t bytes);

   private:
    friend class RequestMemory;
    Share(RequestMemory& memory, std::int64_t bytes) : memory_(&memory), bytes_(bytes) {}
    RequestMemory* memory_ = nullptr;
    std::int64_t bytes_ = 0;
  };

  /// Takes a share. Must not call the memory, except by destroying the share.
  using Granted = std::function<void(Share)>;
  using Ticket = std::uint64_t;  ///< of a request that asked for a share

  explicit RequestMemory(std::int64_t capacity);

  /// Calls `granted` with `bytes`, at most the capacity: at once, or when others have given enough back, in the order
  /// of asking. On the thread of whoever gives back.
  Ticket Ask(std::int64_t bytes, Granted granted);

  /// Withdraws a request that waits; one that was granted stays so.
  void Withdraw(Ticket ticket);

  [[nodiscard]] std::int64_t used() const;
  [[nodiscard]] int waiting() const;

 private:
  struct Request {
    std::int64_t bytes = 0;
    Granted granted;
  };

  void GiveBack(std::int64_t bytes);
  void GrantWhatFits();

  const std::int64_t capacity_;
  mutable std::mutex mutex_;
  std::int64_t used_ = 0;  ///< guarded by mutex_, as the next two
  Ticket next_ = 0;
  std::map<Ticket, Request> waiting_;
};

}  // namespace cxr
