// SPDX-License-Identifier: Apache-2.0
#include "service/client/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"
#include "tests/support/tls/identity.h"

namespace cxr {
namespace {

using testing::HasSubstr;

TEST(Endpoint, AllowsPlaintextToAnotherMachineOnlyWhenAsked) {
  EXPECT_TRUE(Validate({"127.0.0.1:50051", {}, false}).ok());
  EXPECT_THAT(Validate({"example.org:50051", {}, false}).message(), HasSubstr("in plaintext"));
  EXPECT_FALSE(Validate({"127.evil.org:50051", {}, false}).ok()) << "a name that looks like this machine";
  EXPECT_TRUE(Validate({"example.org:50051", {}, true}).ok());
  EXPECT_TRUE(Validate({"example.org:50051", ClientTls{}, false}).ok());
}

TEST(Endpoint, HasAHostAndAPort) {
  for (const char* address : {"", "localhost", ":1", "localhost:", "localhost:0", "localhost:65536", "localhost:x",
                              "http://localhost:1", "::1:50051", "127.0.0.1: 5"}) {
    EXPECT_THAT(Validate({address, {}, true}).message(), HasSubstr("HOST:PORT or [IPV6]:PORT is expected")) << address;
  }
  EXPECT_TRUE(Validate({"[::1]:50051", {}, false}).ok());
}

TEST(ClientTls, IsReadFromFilesAndNamesTheOneThatIsWrong) {
  const test::TemporaryFolder folder;
  const test::Identity identity = test::MakeIdentity();
  const std::string certificate = folder.Write("own.pem", identity.certificate);
  const std::string key = folder.Write("own.key", identity.key);
  const absl::StatusOr<ClientTls> tls = ReadClientTls(certificate, certificate, key);
  ASSERT_TRUE(tls.ok()) << tls.status();
  EXPECT_EQ(tls->authorities, identity.certificate);
  EXPECT_EQ(tls->certificate_chain, identity.certificate);
  EXPECT_EQ(tls->private_key, identity.key);
  EXPECT_EQ(ReadClientTls("", "", "")->authorities, "") << "those of the system";
  EXPECT_THAT(ReadClientTls(folder / "", "", "").status().message(), HasSubstr("it is a folder"));
  EXPECT_THAT(ReadClientTls("", certificate, "").status().message(), HasSubstr("belong together"));
  const std::string other = folder.Write("other.key", test::MakeIdentity().key);
  EXPECT_THAT(ReadClientTls("", certificate, other).status().message(), HasSubstr("other.key does not hold"));
}

}  // namespace
}  // namespace cxr
