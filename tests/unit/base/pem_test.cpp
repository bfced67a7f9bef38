// SPDX-License-Identifier: Apache-2.0
#include "service/base/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include "tests/support/temporary_folder.h"
#include "tests/support/tls/identity.h"

namespace cxr::test {
namespace {

using testing::HasSubstr;

class PemTest : public testing::Test {
 protected:
  [[nodiscard]] std::string AuthoritiesError(const std::string& path) const {
    return std::string(ReadPemAuthorities(path, now_).status().message());
  }
  [[nodiscard]] std::string KeyPairError(const std::string& certificate, const std::string& key) const {
    return std::string(ReadPemKeyPair(certificate, key, now_).status().message());
  }

  const absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  const TemporaryFolder folder_;
  const Identity identity_ = MakeIdentity(now_);
  const std::string certificate_ = folder_.Write("own.pem", identity_.certificate);
  const std::string key_ = folder_.Write("own.key", identity_.key);
};

TEST_F(PemTest, ReadsAuthoritiesAndKeyPairsUnchanged) {
  EXPECT_EQ(ReadPemAuthorities(certificate_, now_).value(), identity_.certificate);
  const absl::StatusOr<PemKeyPair> pair = ReadPemKeyPair(certificate_, key_, now_);
  ASSERT_TRUE(pair.ok()) << pair.status();
  EXPECT_EQ(pair->certificate_chain, identity_.certificate);
  EXPECT_EQ(pair->private_key, identity_.key);
}

TEST_F(PemTest, NamesAFileThatIsMissingAFolderOrNoPem) {
  EXPECT_THAT(AuthoritiesError(folder_ / "missing.pem"), HasSubstr("missing.pem cannot be read: "));
  EXPECT_THAT(AuthoritiesError(folder_ / ""), HasSubstr("it is a folder"));
  EXPECT_THAT(AuthoritiesError(folder_.Write("notes.txt", "text")), HasSubstr("notes.txt holds no PEM block"));
  EXPECT_THAT(AuthoritiesError(key_), HasSubstr("own.key holds no certificate"));
  EXPECT_THAT(KeyPairError(folder_ / "", key_), HasSubstr("it is a folder"));
  EXPECT_THAT(KeyPairError(certificate_, folder_ / ""), HasSubstr("it is a folder"));
}

TEST_F(PemTest, NamesADamagedCertificateAndKey) {
  std::string damaged = identity_.certificate;
  damaged.replace(damaged.size() / 2, 8, "!!!!!!!!");
  EXPECT_THAT(AuthoritiesError(folder_.Write("damaged.pem", damaged)),
              HasSubstr("damaged.pem holds a certificate that is damaged"));
  EXPECT_THAT(KeyPairError(certificate_, certificate_), HasSubstr("own.pem holds no private key"));
}

TEST_F(PemTest, NamesAKeyThatBelongsToAnotherCertificate) {
  EXPECT_THAT(KeyPairError(certificate_, folder_.Write("other.key", MakeIdentity(now_).key)),
              HasSubstr("other.key does not hold the private key of the certificate in "));
}

TEST_F(PemTest, NamesACertificateThatIsExpiredOrNotYetValid) {
  const Identity old = MakeIdentity(absl::FromUnixSeconds(1'600'000'000));
  const std::string expired = folder_.Write("old.pem", old.certificate);
  EXPECT_THAT(AuthoritiesError(expired),
              HasSubstr("old.pem holds a certificate that expired on 2020-09-13 13:26:40 UTC"));
  EXPECT_THAT(KeyPairError(expired, folder_.Write("old.key", old.key)), HasSubstr("expired on 2020-09-13"));
  const Identity coming = MakeIdentity(absl::FromUnixSeconds(1'800'000'000));
  EXPECT_THAT(AuthoritiesError(folder_.Write("new.pem", coming.certificate)),
              HasSubstr("new.pem holds a certificate that is valid from 2027-01-15 07:00:00 UTC on"));
}

TEST_F(PemTest, OneValidAuthorityAmongExpiredOnesIsEnough) {
  const Identity old = MakeIdentity(absl::FromUnixSeconds(1'600'000'000));
  EXPECT_TRUE(ReadPemAuthorities(folder_.Write("both.pem", old.certificate + identity_.certificate), now_).ok());
}

TEST_F(PemTest, LeavesNoErrorInOpenSslsQueue) {
  (void)AuthoritiesError(key_);
  (void)KeyPairError(certificate_, certificate_);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace cxr::test
