// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/deterministic_uid.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "service/dicom/read/attribute.h"

namespace cxr {
namespace {

TEST(DeterministicUid, IsTheSameEverySince) {
  EXPECT_EQ(DeterministicUid({"instance", "1.2.3"}), DeterministicUid({"instance", "1.2.3"}));
  // Written down, so that a change of the derivation, which would double every archive's results, does not go
  // unnoticed.
  EXPECT_EQ(DeterministicUid({"instance", "1.2.3"}), "2.25.167198468278327998373082831167377510143");
  EXPECT_EQ(DeterministicUid({}), "2.25.174299300063564571966193266162420285008");
  EXPECT_EQ(DeterministicUid({"part", "124"}), "2.25.438332166449436465117542400004973668")
      << "leading zeros are left out";
  EXPECT_EQ(DeterministicUid({absl::string_view("\xff\0\\", 3), ""}), "2.25.191337175051440392424568148264023055307");
}

TEST(DeterministicUid, IsAUidUnderTheUuidRoot) {
  for (int i = 0; i < 200; ++i) {
    const std::string uid = DeterministicUid({"part", std::to_string(i)});
    EXPECT_TRUE(IsUid(uid)) << uid;
    EXPECT_EQ(uid.rfind("2.25.", 0), 0u);
    EXPECT_NE(uid[5], '0');
  }
}

TEST(ContentDigest, IsTheSameEverySince) {
  EXPECT_EQ(ContentDigest(""), "\x58\xe2\xfc\xce\xfa\x7e\x30\x61\x36\x7f\x1d\x57\xa4\xe7\x45\x5a")
      << "SP 800-38D, test case 1";
  EXPECT_EQ(ContentDigest(std::string(1000, 'a')), ContentDigest(std::string(1000, 'a')));
}

TEST(ContentDigest, TellsEveryBitAndTheLengthApart) {
  std::string bytes(100, '\0');
  std::set<std::string> digests = {ContentDigest(bytes), ContentDigest(bytes + '\0')};
  for (char& byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      byte = static_cast<char>(1 << bit);
      digests.insert(ContentDigest(bytes));
    }
    byte = 0;
  }
  EXPECT_EQ(digests.size(), 802U);
}

TEST(DeterministicUid, KeepsPartsApart) {
  EXPECT_NE(DeterministicUid({"ab", "c"}), DeterministicUid({"a", "bc"}));
  EXPECT_NE(DeterministicUid({"a", "b"}), DeterministicUid({"b", "a"}));
  EXPECT_NE(DeterministicUid({"a"}), DeterministicUid({"a", ""}));
}

TEST(Uid, HoldsDigitsInComponentsUpTo64Characters) {
  EXPECT_TRUE(IsUid("1.2.840.10008.1.2"));
  EXPECT_TRUE(IsUid(std::string(64, '1')));
  EXPECT_TRUE(IsUid("0.2.0.10"));
  EXPECT_FALSE(IsUid(std::string(65, '1')));
  for (const char* invalid : {"", ".", "1..2", ".1", "1.", "1.2a", "1 2", "1.2\\1.3", "1.02", "01.2", "1.2.00"})
    EXPECT_FALSE(IsUid(invalid)) << invalid;
}

}  // namespace
}  // namespace cxr
