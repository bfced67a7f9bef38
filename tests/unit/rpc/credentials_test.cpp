// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/credentials.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/unit/rpc/service_fixture.h"

namespace cxr::test {
namespace {

namespace fs = std::filesystem;

std::string Pem(const std::function<int(BIO*)>& write) {
  BIO* memory = BIO_new(BIO_s_mem());
  EXPECT_EQ(write(memory), 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

struct Identity {
  std::string certificate;
  std::string key;
};

/// A self-signed certificate for localhost, made anew for each test.
Identity MakeIdentity() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* alternative =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  X509_add_ext(certificate, alternative, -1);
  X509_EXTENSION_free(alternative);
  EXPECT_GT(X509_sign(certificate, key, EVP_sha256()), 0);
  Identity identity;
  identity.certificate = Pem([certificate](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
  identity.key =
      Pem([key](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
  X509_free(certificate);
  EVP_PKEY_free(key);
  return identity;
}

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
  EXPECT_FALSE(Start().ok()) << "a folder is no file";
}

TEST_F(CredentialsTest, ACertificateAndTheKeyOfAnotherDoNotStart) {
  tls_.key_file = Write("other.key", MakeIdentity().key);
  EXPECT_FALSE(Start().ok());
}

}  // namespace
}  // namespace cxr::test
