// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <thread>

#include "tests/support/latch.h"

namespace cxr::test {

/// A TCP proxy on the loopback that lets only so many bytes of each connection reach the server, and holds the rest
/// back until Release: to the server its clients are slow senders. Answers pass at once.
class HoldingProxy {
 public:
  /// Listens at once, on port(); connects to 127.0.0.1:`server_port` for each client.
  HoldingProxy(std::uint16_t server_port, std::size_t bytes_before_hold);
  /// Closes every connection.
  ~HoldingProxy();
  HoldingProxy(const HoldingProxy&) = delete;
  HoldingProxy& operator=(const HoldingProxy&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Bytes that reached the server so far, over all connections.
  [[nodiscard]] std::size_t forwarded() const { return forwarded_; }
  /// Connections of which bytes are held back.
  [[nodiscard]] int holding() const { return holding_; }

  void Release() { release_.Open(); }

 private:
  void Accept();
  void ForwardRequests(int client, int server);
  static void ForwardAnswers(int server, int client);

  const std::uint16_t server_port_;
  const std::size_t bytes_before_hold_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> forwarded_{0};
  std::atomic<int> holding_{0};
  Latch release_;
  std::mutex mutex_;  ///< guards the next two
  bool closing_ = false;
  std::list<int> sockets_;
  std::list<std::thread> forwarders_;  ///< touched by the acceptor alone, and after its end
  std::thread acceptor_;
};

}  // namespace cxr::test
