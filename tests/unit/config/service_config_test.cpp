// SPDX-License-Identifier: Apache-2.0
#include "service/config/service_config.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

ServiceConfig Valid() {
  ServiceConfig config;
  config.model_dir = "model";
  return config;
}

std::string Complaint(const ServiceConfig& config) {
  return std::string(Validate(config).message());
}

TEST(ServiceConfig, DefaultsAreValidAndOnLoopback) {
  EXPECT_TRUE(Validate(Valid()).ok());
  EXPECT_TRUE(IsLoopback(Valid().listen));
  EXPECT_EQ(Valid().population, PopulationPolicy::kEnforce);
  EXPECT_GE(Valid().EffectiveWorkers(), 1);
}

TEST(ServiceConfig, PlaintextBeyondLoopbackNeedsInsecure) {
  ServiceConfig config = Valid();
  config.listen = {"0.0.0.0", 50051};
  EXPECT_NE(Complaint(config).find("--insecure"), std::string::npos);
  config.insecure = true;
  EXPECT_TRUE(Validate(config).ok());
  config.insecure = false;
  config.tls = {"cert.pem", "key.pem", ""};
  EXPECT_TRUE(Validate(config).ok());
}

TEST(ServiceConfig, MetricsBeyondLoopbackNeedInsecureEvenBesideTls) {
  ServiceConfig config = Valid();
  config.tls = {"cert.pem", "key.pem", ""};
  config.metrics = HostPort{"0.0.0.0", 9100};
  EXPECT_NE(Complaint(config).find("--metrics"), std::string::npos);
  config.metrics = HostPort{"127.0.0.1", 9100};
  EXPECT_TRUE(Validate(config).ok());
}

TEST(ServiceConfig, HalfATlsPairIsRefused) {
  ServiceConfig config = Valid();
  config.tls.certificate_file = "cert.pem";
  EXPECT_NE(Complaint(config).find("--tls-key"), std::string::npos);
  config.tls = {"", "", "ca.pem"};
  EXPECT_NE(Complaint(config).find("--tls-client-ca"), std::string::npos);
}

TEST(ServiceConfig, EverySettingThatChangesResultsChangesTheirName) {
  const ServiceConfig base = Valid();
  EXPECT_EQ(base.ResultSettings(), "population=enforce;overlay-long-side=1024;sr-class=comprehensive")
      << "changing this line gives every result in every archive another UID";
  ServiceConfig other = base;
  other.population = PopulationPolicy::kWarn;
  EXPECT_EQ(other.ResultSettings(), "population=warn;overlay-long-side=1024;sr-class=comprehensive");
  other = base;
  other.overlay_long_side = 512;
  other.sr_class = ReportClass::kComprehensive3D;
  EXPECT_EQ(other.ResultSettings(), "population=enforce;overlay-long-side=512;sr-class=comprehensive3d");
  other = base;
  other.capture_layout = CaptureLayout::kSideBySide;
  other.map_of_normal = true;
  other.unlike = UnlikePolicy::kWarn;
  EXPECT_EQ(other.ResultSettings(), base.ResultSettings() + ";unlike=warn;capture-layout=side-by-side;map-of-normal");
  other = base;
  other.unlike = UnlikePolicy::kOff;
  EXPECT_EQ(other.ResultSettings(), base.ResultSettings() + ";unlike=off");
}

TEST(ServiceConfig, SettingsThatDoNotChangeResultsLeaveTheirNameAlone) {
  ServiceConfig other = Valid();
  other.workers = 7;
  other.listen.port = 1;
  other.queue_capacity = 3;
  other.device = "cuda:1";
  other.presentation_state = true;  // further objects, of further UIDs
  other.parametric_map = true;
  EXPECT_EQ(other.ResultSettings(), Valid().ResultSettings());
}

}  // namespace
}  // namespace cxr
