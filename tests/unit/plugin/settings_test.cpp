// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cxr::plugin {
namespace {

using testing::HasSubstr;

Settings Parse(const std::string& section) {
  absl::StatusOr<Settings> settings = ParseSettings("{\"CxrTriage\": " + section + "}");
  EXPECT_TRUE(settings.ok()) << settings.status();
  return settings.value_or(Settings{});
}

std::string ErrorOf(const std::string& section) {
  return std::string(ParseSettings("{\"CxrTriage\": " + section + "}").status().message());
}

TEST(Settings, StaysIdleWithoutItsSection) {
  const absl::StatusOr<Settings> settings = ParseSettings("{\"Name\": \"Orthanc\"}");
  ASSERT_TRUE(settings.ok());
  EXPECT_FALSE(settings->enabled);
}

TEST(Settings, IsEnabledByItsSectionUnlessItSaysOtherwise) {
  EXPECT_TRUE(Parse("{}").enabled);
  EXPECT_FALSE(Parse("{\"Enable\": false}").enabled);
}

TEST(Settings, TakesOneAddressOrSeveral) {
  EXPECT_EQ(Parse("{\"Service\": \"localhost:7\"}").services, std::vector<std::string>{"localhost:7"});
  EXPECT_EQ(Parse("{\"Service\": [\"a:1\", \"[::1]:2\"], \"Tls\": true}").services.size(), 2U);
}

TEST(Settings, NamesTheKeyThatIsWrong) {
  EXPECT_THAT(ErrorOf("{\"TimeoutSeconds\": 0}"), HasSubstr("CxrTriage.TimeoutSeconds must be a whole number from 1"));
  EXPECT_THAT(ErrorOf("{\"TimeoutSeconds\": 1.5}"), HasSubstr("CxrTriage.TimeoutSeconds"));
  EXPECT_THAT(ErrorOf("{\"Concurrency\": \"2\"}"), HasSubstr("CxrTriage.Concurrency"));
  EXPECT_THAT(ErrorOf("{\"Enable\": 1}"), HasSubstr("CxrTriage.Enable must be true or false"));
  EXPECT_THAT(ErrorOf("{\"OutcomeMetadata\": 1023}"), HasSubstr("CxrTriage.OutcomeMetadata"));
  EXPECT_THAT(ErrorOf("{\"MaxMessageMiB\": 2048}"), HasSubstr("CxrTriage.MaxMessageMiB"));
  EXPECT_THAT(ErrorOf("{\"CaCertificate\": 3}"), HasSubstr("CxrTriage.CaCertificate must be a string"));
  EXPECT_THAT(ErrorOf("[]"), HasSubstr("CxrTriage must be an object"));
}

TEST(Settings, RefusesWhatIsNoAddress) {
  for (const char* address : {"\"\"", "\"host\"", "\":1\"", "\"host:0\"", "\"host:65536\"", "\"http://host:1\"",
                              "\"::1:2\"", "\"127.0.0.1: 5\"", "[]", "[1]", "7"}) {
    EXPECT_THAT(ErrorOf(std::string("{\"Service\": ") + address + "}"), HasSubstr("CxrTriage.Service")) << address;
  }
}

TEST(Settings, RefusesHalfAnIdentity) {
  EXPECT_THAT(ErrorOf("{\"ClientKey\": \"key.pem\"}"), HasSubstr("must be set together"));
  EXPECT_THAT(ErrorOf("{\"CaCertificate\": \"ca.pem\", \"Tls\": false}"), HasSubstr("CxrTriage.Tls"));
  EXPECT_THAT(ErrorOf("{\"OutcomeMetadata\": 5000, \"SummaryMetadata\": 5000}"), HasSubstr("must differ"));
}

TEST(Settings, TurnsTlsOnWithACertificate) {
  EXPECT_TRUE(Parse("{\"CaCertificate\": \"ca.pem\"}").tls);
  EXPECT_TRUE(Parse("{\"Tls\": true}").tls);
  EXPECT_FALSE(Parse("{}").tls);
}

TEST(Settings, RefusesPlaintextToAnotherMachineUnlessItIsAllowed) {
  for (const char* service : {"gpu:1", "10.0.0.1:1", "127.evil.org:1", "localhost.evil.org:1", "[fe80::1]:1"}) {
    const std::string section = std::string("{\"Service\": [\"127.0.0.1:1\", \"") + service + "\"]";
    EXPECT_THAT(ErrorOf(section + "}"), HasSubstr(service)) << "the address is named";
    EXPECT_THAT(ErrorOf(section + "}"), HasSubstr("CxrTriage.Tls"));
    EXPECT_THAT(ErrorOf(section + "}"), HasSubstr("CxrTriage.AllowPlaintext"));
    EXPECT_EQ(ErrorOf(section + ", \"AllowPlaintext\": true}"), "");
    EXPECT_EQ(ErrorOf(section + ", \"Tls\": true}"), "");
  }
  EXPECT_EQ(ErrorOf("{\"Service\": [\"127.0.0.1:1\", \"127.1.2.3:1\", \"localhost:1\", \"[::1]:1\"]}"), "");
  EXPECT_THAT(ErrorOf("{\"AllowPlaintext\": 1}"), HasSubstr("CxrTriage.AllowPlaintext must be true or false"));
}

TEST(Settings, WarnsOfUnknownKeysAndOfPlaintextToAnotherMachine) {
  EXPECT_THAT(Parse("{\"Servce\": \"a:1\"}").warnings, testing::ElementsAre(HasSubstr("CxrTriage.Servce")));
  EXPECT_THAT(Parse("{\"Service\": \"gpu:1\", \"AllowPlaintext\": true}").warnings,
              testing::ElementsAre(HasSubstr("without encryption")));
  EXPECT_THAT(Parse("{\"Service\": \"gpu:1\", \"Tls\": true}").warnings, testing::IsEmpty());
  EXPECT_THAT(Parse("{\"Service\": \"127.0.0.1:1\"}").warnings, testing::IsEmpty());
}

TEST(Settings, HaveALimitOfLostConnectionsAndAPlaceForTheStart) {
  EXPECT_EQ(Parse("{}").max_service_losses, 3);
  EXPECT_EQ(Parse("{\"MaxServiceLosses\": 1}").max_service_losses, 1);
  EXPECT_THAT(ErrorOf("{\"MaxServiceLosses\": 0}"), HasSubstr("CxrTriage.MaxServiceLosses"));
  EXPECT_THAT(ErrorOf("{\"StartProperty\": 4201}"), HasSubstr("CxrTriage.StartProperty must differ"));
}

TEST(Settings, RefusesAConfigurationThatIsNotJson) {
  EXPECT_FALSE(ParseSettings("nonsense").ok());
}

}  // namespace
}  // namespace cxr::plugin
