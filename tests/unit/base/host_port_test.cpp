// SPDX-License-Identifier: Apache-2.0
#include "service/base/host_port.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

TEST(HostPort, ReadsNamesAndAddressesAndWritesThemBack) {
  for (const char* text :
       {"127.0.0.1:50051", "localhost:0", "[::1]:65535", "pacs-1.example.org:80", "0.0.0.0:1", "[fe80::1%eth0]:1"}) {
    const absl::StatusOr<HostPort> address = ParseHostPort(text);
    ASSERT_TRUE(address.ok()) << text;
    EXPECT_EQ(ToString(*address), text);
  }
  EXPECT_EQ(ParseHostPort("[::1]:7")->host, "::1");
}

TEST(HostPort, RefusesEverythingElse) {
  for (const char* text : {"",
                           ":",
                           "50051",
                           "localhost",
                           "localhost:",
                           ":50051",
                           "localhost:65536",
                           "localhost:-1",
                           "localhost:+1",
                           "localhost: 1",
                           "localhost:1x",
                           "::1:50051",
                           "[::1]",
                           "[::1:7",
                           "[name]:7",
                           "[fe80::1%]:7",
                           "127.0.0.1: 5",
                           "a b:1",
                           "host/path:1",
                           "localhost:99999999999999999999"}) {
    const absl::StatusOr<HostPort> address = ParseHostPort(text);
    EXPECT_TRUE(absl::IsInvalidArgument(address.status())) << text;
  }
}

TEST(HostPort, OnlyAddressesOfThisMachineAreLoopback) {
  for (const char* text :
       {"127.0.0.1:1", "127.8.9.10:1", "localhost:1", "LocalHost:1", "[::1]:1", "[0:0:0:0:0:0:0:1]:1"}) {
    EXPECT_TRUE(IsLoopback(*ParseHostPort(text))) << text;
  }
  for (const char* text : {"0.0.0.0:1", "192.168.0.1:1", "[::]:1", "[fe80::1]:1", "localhost.example.org:1",
                           "127.example.org:1", "127.evil.org:1", "127.0.0.1.evil.org:1", "127.1:1", "128.0.0.1:1"}) {
    EXPECT_FALSE(IsLoopback(*ParseHostPort(text))) << text;
  }
}

}  // namespace
}  // namespace cxr
