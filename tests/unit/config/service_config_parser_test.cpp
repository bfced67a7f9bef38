// SPDX-License-Identifier: Apache-2.0
#include "service/config/service_config_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace cxr {
namespace {

using ::testing::HasSubstr;

class ServiceConfigParserTest : public ::testing::Test {
 protected:
  void TearDown() override {
    if (!file_.empty()) std::filesystem::remove(file_);
  }

  ParsedServiceConfig Parse(const std::vector<std::string>& arguments) {
    const auto lookup = [this](const std::string& name) -> absl::optional<std::string> {
      const auto found = environment_.find(name);
      if (found == environment_.end()) return absl::nullopt;
      return found->second;
    };
    return ParseServiceConfig(arguments, lookup, default_model_);
  }

  ServiceConfig Config(const std::vector<std::string>& arguments) {
    const ParsedServiceConfig parsed = Parse(arguments);
    EXPECT_TRUE(parsed.config.has_value()) << parsed.text;
    return parsed.config.value_or(ServiceConfig{});
  }

  std::string Complaint(const std::vector<std::string>& arguments) {
    const ParsedServiceConfig parsed = Parse(arguments);
    EXPECT_FALSE(parsed.config.has_value());
    EXPECT_EQ(parsed.exit_code, 2);
    return parsed.text;
  }

  void WriteFile(const std::string& text) {
    file_ = ::testing::TempDir() + "cxr_config_" + std::to_string(::getpid()) + ".toml";
    std::ofstream(file_) << text;
  }

  std::map<std::string, std::string> environment_;
  absl::StatusOr<std::string> default_model_ = std::string("shipped");
  std::string file_;
};

TEST_F(ServiceConfigParserTest, WithoutAnyArgumentTheShippedModelIsServedOnLoopback) {
  const ServiceConfig config = Config({});
  EXPECT_EQ(config.model_dir, "shipped");
  EXPECT_EQ(ToString(config.listen), "127.0.0.1:50051");
  EXPECT_EQ(config.population, PopulationPolicy::kEnforce);
  EXPECT_FALSE(config.metrics.has_value());
  EXPECT_EQ(config.unlike, UnlikePolicy::kEnforce);
}

TEST_F(ServiceConfigParserTest, EveryFlagReachesItsSetting) {
  const ServiceConfig config = Config({"--model",
                                       "m",
                                       "--listen",
                                       "[::1]:0",
                                       "--insecure",
                                       "--tls-cert",
                                       "c",
                                       "--tls-key",
                                       "k",
                                       "--tls-client-ca",
                                       "a",
                                       "--population",
                                       "warn",
                                       "--unlike",
                                       "off",
                                       "--workers",
                                       "3",
                                       "--queue",
                                       "5",
                                       "--device",
                                       "cuda:1",
                                       "--overlay-long-side",
                                       "512",
                                       "--sr-class",
                                       "comprehensive3d",
                                       "--log-level",
                                       "debug",
                                       "--max-message-mib",
                                       "8",
                                       "--metrics",
                                       "127.0.0.1:9100",
                                       "--request-memory-mib",
                                       "20",
                                       "--receive-timeout",
                                       "2.5",
                                       "--drain-timeout",
                                       "1.5"});
  EXPECT_EQ(config.model_dir, "m");
  EXPECT_EQ(ToString(config.listen), "[::1]:0");
  EXPECT_TRUE(config.insecure);
  EXPECT_EQ(config.tls.certificate_file, "c");
  EXPECT_EQ(config.tls.key_file, "k");
  EXPECT_EQ(config.tls.client_ca_file, "a");
  EXPECT_EQ(config.population, PopulationPolicy::kWarn);
  EXPECT_EQ(config.unlike, UnlikePolicy::kOff);
  EXPECT_EQ(config.workers, 3);
  EXPECT_EQ(config.EffectiveWorkers(), 3);
  EXPECT_EQ(config.queue_capacity, 5);
  EXPECT_EQ(config.device, "cuda:1");
  EXPECT_EQ(config.overlay_long_side, 512);
  EXPECT_EQ(config.sr_class, ReportClass::kComprehensive3D);
  EXPECT_EQ(config.log_level, "debug");
  EXPECT_EQ(config.max_message_mib, 8);
  ASSERT_TRUE(config.metrics.has_value());
  EXPECT_EQ(ToString(*config.metrics), "127.0.0.1:9100");
  EXPECT_EQ(config.request_memory_mib, 20);
  EXPECT_EQ(config.receive_timeout.count(), 2500);
  EXPECT_EQ(config.drain_timeout.count(), 1500);
}

TEST_F(ServiceConfigParserTest, MemoryForRequestsIsThatOfEightUnlessItIsSetAndHoldsOneAtLeast) {
  EXPECT_EQ(Config({}).EffectiveRequestMemoryMib(), 512);
  EXPECT_EQ(Config({"--max-message-mib", "10"}).EffectiveRequestMemoryMib(), 80);
  EXPECT_EQ(Config({"--max-message-mib", "10", "--request-memory-mib", "10"}).EffectiveRequestMemoryMib(), 10);
  EXPECT_THAT(Complaint({"--max-message-mib", "10", "--request-memory-mib", "9"}),
              HasSubstr("--request-memory-mib 9 is less than one request"));
  EXPECT_THAT(Complaint({"--receive-timeout", "0.5"}), HasSubstr("from 1 to"));
}

TEST_F(ServiceConfigParserTest, TheFileWinsOverDefaults) {
  WriteFile("# a comment\nqueue = 5\npopulation = \"warn\"\ninsecure = true\nlisten = \"127.0.0.1:7000\"\n");
  const ServiceConfig config = Config({"--config", file_});
  EXPECT_EQ(config.queue_capacity, 5);
  EXPECT_EQ(config.population, PopulationPolicy::kWarn);
  EXPECT_TRUE(config.insecure);
  EXPECT_EQ(config.listen.port, 7000);
}

TEST_F(ServiceConfigParserTest, TheEnvironmentWinsOverTheFile) {
  WriteFile("queue = 5\nworkers = 6\n");
  environment_ = {{"CXR_SERVICE_QUEUE", "7"}, {"CXR_SERVICE_CONFIG", file_}};
  const ServiceConfig config = Config({});
  EXPECT_EQ(config.queue_capacity, 7);
  EXPECT_EQ(config.workers, 6);
}

TEST_F(ServiceConfigParserTest, FlagsWinOverEnvironmentAndFile) {
  WriteFile("queue = 5\n");
  environment_ = {{"CXR_SERVICE_QUEUE", "7"}, {"CXR_SERVICE_MODEL", "from environment"}};
  const ServiceConfig config = Config({"--queue", "9", "--config", file_});
  EXPECT_EQ(config.queue_capacity, 9);
  EXPECT_EQ(config.model_dir, "from environment");
}

TEST_F(ServiceConfigParserTest, SwitchesInTheEnvironmentSayYesOrNo) {
  environment_ = {{"CXR_SERVICE_INSECURE", "true"}, {"CXR_SERVICE_LISTEN", "0.0.0.0:1"}};
  EXPECT_TRUE(Config({}).insecure);
  environment_ = {{"CXR_SERVICE_INSECURE", "1"}};
  EXPECT_TRUE(Config({}).insecure);
  environment_ = {{"CXR_SERVICE_INSECURE", "false"}};
  EXPECT_FALSE(Config({}).insecure);
  WriteFile("insecure = true\n");
  EXPECT_FALSE(Config({"--config", file_}).insecure) << "the environment wins over the file in both directions";
}

TEST_F(ServiceConfigParserTest, ErrorsNameWhereTheValueCameFrom) {
  WriteFile("queue = many\n");
  EXPECT_THAT(Complaint({"--config", file_}), HasSubstr(file_ + ": queue"));
  environment_ = {{"CXR_SERVICE_QUEUE", "0"}};
  EXPECT_THAT(Complaint({}), HasSubstr("CXR_SERVICE_QUEUE"));
  environment_.clear();
  EXPECT_THAT(Complaint({"--queue", "0"}), HasSubstr("--queue"));
}

TEST_F(ServiceConfigParserTest, UnknownSettingsAreErrors) {
  WriteFile("que = 5\n");
  EXPECT_THAT(Complaint({"--config", file_}), HasSubstr("'que' is not a setting"));
  WriteFile("config = \"other\"\n");
  EXPECT_THAT(Complaint({"--config", file_}), HasSubstr("'config' is not a setting"));
  WriteFile("[section]\nqueue = 5\n");
  EXPECT_THAT(Complaint({"--config", file_}), HasSubstr("section"));
  EXPECT_THAT(Complaint({"--que", "5"}), HasSubstr("--que"));
  EXPECT_THAT(Complaint({"stray"}), HasSubstr("stray"));
}

TEST_F(ServiceConfigParserTest, FurtherFormsAreOffUntilTheyAreSwitchedOn) {
  const ServiceConfig usual = Config({"--model", "m"});
  EXPECT_EQ(usual.capture_layout, CaptureLayout::kOverlay);
  EXPECT_FALSE(usual.map_of_normal || usual.presentation_state || usual.parametric_map);
  const ServiceConfig all = Config({"--model", "m", "--capture-layout", "side-by-side", "--map-of-normal",
                                    "--presentation-state", "--parametric-map"});
  EXPECT_EQ(all.capture_layout, CaptureLayout::kSideBySide);
  EXPECT_TRUE(all.map_of_normal && all.presentation_state && all.parametric_map);
}

TEST_F(ServiceConfigParserTest, AMissingFileIsAnError) {
  EXPECT_THAT(Complaint({"--config", "/nonexistent/cxr.toml"}), HasSubstr("/nonexistent/cxr.toml"));
  EXPECT_THAT(Complaint({"--config", "/"}), HasSubstr("--config: / cannot be read: it is a folder"));
}

TEST_F(ServiceConfigParserTest, ValuesOutOfRangeAreErrors) {
  const std::vector<std::vector<std::string>> wrong = {{"--listen", "nowhere"},
                                                       {"--population", "all"},
                                                       {"--workers", "-1"},
                                                       {"--workers", "1025"},
                                                       {"--queue", "x"},
                                                       {"--device", "gpu"},
                                                       {"--device", "cuda:"},
                                                       {"--overlay-long-side", "0"},
                                                       {"--sr-class", "basic"},
                                                       {"--capture-layout", "x"},
                                                       {"--log-level", "loud"},
                                                       {"--max-message-mib", "0"},
                                                       {"--max-message-mib", "4096"},
                                                       {"--drain-timeout", "-1"},
                                                       {"--metrics", "127.0.0.1"},
                                                       {"--listen", "0.0.0.0:1"},
                                                       {"--tls-cert", "only"},
                                                       {"--drain-timeout", "nan"}};
  for (const std::vector<std::string>& arguments : wrong) {
    EXPECT_THAT(Complaint(arguments), HasSubstr("--help")) << arguments[0] << " " << arguments[1];
  }
}

TEST_F(ServiceConfigParserTest, WithoutAnyModelTheMessageSaysWhatToDo) {
  default_model_ = absl::NotFoundError("name one with --model DIR");
  EXPECT_THAT(Complaint({}), HasSubstr("--model DIR"));
  EXPECT_EQ(Config({"--model", "m"}).model_dir, "m");
}

TEST_F(ServiceConfigParserTest, HelpAndVersionPrintAndSucceed) {
  const ParsedServiceConfig help = Parse({"--help"});
  EXPECT_FALSE(help.config.has_value());
  EXPECT_EQ(help.exit_code, 0);
  for (const char* flag : {"--model", "--listen", "--population", "--drain-timeout", "--config"}) {
    EXPECT_THAT(help.text, HasSubstr(flag));
  }
  const ParsedServiceConfig version = Parse({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.text, "cxr-service " CXR_VERSION "\n");
}

TEST_F(ServiceConfigParserTest, AnAddressWithASpaceIsRefused) {
  EXPECT_THAT(Complaint({"--listen", "127.0.0.1: 5"}), HasSubstr("'127.0.0.1: 5' is not an address"));
  EXPECT_THAT(Complaint({"--listen", "127.evil.org:5"}), HasSubstr("in plaintext"))
      << "a name that looks like this machine";
}

TEST(UnknownVariables, NamesThoseThatLookLikeSettingsAndAreNone) {
  EXPECT_THAT(UnknownVariables({"CXR_SERVICE_LISTN", "CXR_SERVICE_LISTEN", "CXR_SERVICE_CONFIG", "CXR_SERVICE_QUEUE",
                                "CXR_SERVICE_TLS_CERT", "CXR_SERVICE_HELP", "CXR_DATA", "PATH"}),
              ::testing::ElementsAre("CXR_SERVICE_LISTN", "CXR_SERVICE_HELP"));
  EXPECT_THAT(UnknownVariables({"CXR_SERVICE_SERVICE_HOST", "CXR_SERVICE_PORT", "CXR_SERVICE_PORT_50051_TCP_ADDR"}),
              ::testing::IsEmpty())
      << "set by Kubernetes for a service of that name";
}

TEST(UnknownVariables, AreReadFromTheEnvironmentOfTheProcess) {
  ASSERT_EQ(setenv("CXR_SERVICE_QUEU", "7", 1), 0);
  ASSERT_EQ(setenv("CXR_SERVICE_WORKRS", "", 1), 0);
  EXPECT_THAT(UnknownVariables(ProcessVariables()), ::testing::Contains("CXR_SERVICE_QUEU"));
  EXPECT_THAT(ProcessVariables(), ::testing::Not(::testing::Contains("CXR_SERVICE_WORKRS"))) << "set to nothing";
  unsetenv("CXR_SERVICE_QUEU");
  unsetenv("CXR_SERVICE_WORKRS");
}

}  // namespace
}  // namespace cxr
