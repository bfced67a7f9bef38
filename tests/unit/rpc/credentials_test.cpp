// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/credentials.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/tls/identity.h"
#include "tests/unit/rpc/service_fixture.h"

namespace cxr::test {
namespace {

namespace fs = std::filesystem;

class CredentialsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("credentials_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    server_identity_ = MakeIdentity();
    tls_.certificate_file = Write("server.pem", server_identity_.certificate);
    tls_.key_file = Write("server.key", server_identity_.key);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  absl::StatusOr<std::unique_ptr<AnalysisServer>> Start() {
    ServerOptions options;
    options.listen = {"127.0.0.1", 0};
    absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> credentials = MakeServerCredentials(tls_);
    if (!credentials.ok()) return credentials.status();
    options.credentials = *credentials;
    return AnalysisServer::Start(options, handler_);
  }

  /// The code that DescribeModel gives: INTERNAL or UNAVAILABLE without reason when the handshake fails.
  static bool Reaches(const AnalysisServer& server, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    const auto stub = v1::AnalysisService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(server.address().port), credentials));
    grpc::ClientContext context;
    v1::DescribeModelResponse response;
    const grpc::Status status = stub->DescribeModel(&context, {}, &response);
    const auto& trailing = context.GetServerTrailingMetadata();
    return status.error_code() == grpc::StatusCode::UNAVAILABLE && trailing.find("cxr-error-reason") != trailing.end();
  }

  fs::path folder_;
  Identity server_identity_;
  TlsConfig tls_;
  ServiceMetrics metrics_;
  AnalysisHandler handler_{metrics_};
};

TEST_F(CredentialsTest, ATlsServerAnswersThoseWhoTrustItAndNoPlaintext) {
  const auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  grpc::SslCredentialsOptions trusting;
  trusting.pem_root_certs = server_identity_.certificate;
  EXPECT_TRUE(Reaches(**server, grpc::SslCredentials(trusting)));
  grpc::SslCredentialsOptions distrusting;
  distrusting.pem_root_certs = MakeIdentity().certificate;
  EXPECT_FALSE(Reaches(**server, grpc::SslCredentials(distrusting)));
  EXPECT_FALSE(Reaches(**server, grpc::InsecureChannelCredentials()));
}

TEST_F(CredentialsTest, WithAClientAuthorityOnlyItsClientsAreAnswered) {
  const Identity client = MakeIdentity();
  tls_.client_ca_file = Write("clients.pem", client.certificate);
  const auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = server_identity_.certificate;
  EXPECT_FALSE(Reaches(**server, grpc::SslCredentials(options)));
  options.pem_cert_chain = client.certificate;
  options.pem_private_key = client.key;
  EXPECT_TRUE(Reaches(**server, grpc::SslCredentials(options)));
  const Identity stranger = MakeIdentity();
  options.pem_cert_chain = stranger.certificate;
  options.pem_private_key = stranger.key;
  EXPECT_FALSE(Reaches(**server, grpc::SslCredentials(options)));
}

TEST_F(CredentialsTest, FilesThatAreMissingOrNoPemAreNamed) {
  tls_.key_file = (folder_ / "missing.key").string();
  EXPECT_NE(Start().status().message().find("missing.key"), absl::string_view::npos);
  tls_.key_file = Write("notes.txt", "not a key");
  EXPECT_NE(Start().status().message().find("notes.txt"), absl::string_view::npos);
  tls_.key_file = folder_.string();
  EXPECT_NE(Start().status().message().find("it is a folder"), absl::string_view::npos);
  tls_.key_file = Write("server.key", server_identity_.key);
  tls_.client_ca_file = folder_.string();
  EXPECT_NE(Start().status().message().find("it is a folder"), absl::string_view::npos);
}

TEST_F(CredentialsTest, AnExpiredCertificateDoesNotStart) {
  const Identity expired = MakeIdentity(absl::Now() - absl::Hours(48));
  tls_.certificate_file = Write("expired.pem", expired.certificate);
  tls_.key_file = Write("expired.key", expired.key);
  EXPECT_NE(Start().status().message().find("expired.pem holds a certificate that expired on"),
            absl::string_view::npos);
}

TEST_F(CredentialsTest, ACertificateAndTheKeyOfAnotherDoNotStart) {
  tls_.key_file = Write("other.key", MakeIdentity().key);
  EXPECT_NE(Start().status().message().find("other.key does not hold the private key"), absl::string_view::npos);
}

}  // namespace
}  // namespace cxr::test
