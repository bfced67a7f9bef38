// SPDX-License-Identifier: Apache-2.0
#include "tests/support/holding_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cxr::test {
namespace {

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool SendAll(int socket, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(socket, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace

HoldingProxy::HoldingProxy(std::uint16_t server_port, std::size_t bytes_before_hold)
    : server_port_(server_port), bytes_before_hold_(bytes_before_hold) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  const bool listening = ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                         ::listen(listener_, SOMAXCONN) == 0 &&
                         ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!listening) throw std::runtime_error("the proxy cannot listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

HoldingProxy::~HoldingProxy() {
  ::shutdown(listener_, SHUT_RDWR);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  release_.Open();
  acceptor_.join();
  for (std::thread& forwarder : forwarders_) forwarder.join();
  for (const int socket : sockets_) ::close(socket);
  ::close(listener_);
}

void HoldingProxy::Accept() {
  for (int client = 0; (client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(server_port_);
    const bool connected = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    const std::lock_guard<std::mutex> lock(mutex_);
    sockets_.insert(sockets_.end(), {client, server});
    if (closing_ || !connected) {
      ::shutdown(client, SHUT_RDWR);
      continue;
    }
    forwarders_.emplace_back([this, client, server] { ForwardRequests(client, server); });
    forwarders_.emplace_back([client, server] { ForwardAnswers(server, client); });
  }
}

void HoldingProxy::ForwardRequests(int client, int server) {
  std::array<char, 65536> buffer{};
  std::size_t left = bytes_before_hold_;
  for (ssize_t size = 0; (size = ::recv(client, buffer.data(), buffer.size(), 0)) > 0;) {
    const std::size_t now = std::min(left, static_cast<std::size_t>(size));
    if (!SendAll(server, buffer.data(), now)) break;
    forwarded_ += now;
    left -= now;
    const std::size_t rest = static_cast<std::size_t>(size) - now;
    if (rest == 0) continue;
    ++holding_;
    release_.Wait();
    --holding_;
    if (!SendAll(server, buffer.data() + now, rest)) break;
    forwarded_ += rest;
    left = SIZE_MAX;
  }
  ::shutdown(server, SHUT_WR);
}

void HoldingProxy::ForwardAnswers(int server, int client) {
  std::array<char, 65536> buffer{};
  for (ssize_t size = 0; (size = ::recv(server, buffer.data(), buffer.size(), 0)) > 0;) {
    if (!SendAll(client, buffer.data(), static_cast<std::size_t>(size))) break;
  }
  ::shutdown(client, SHUT_RDWR);
}

}  // namespace cxr::test
