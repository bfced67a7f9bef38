// SPDX-License-Identifier: Apache-2.0
#include "service/app/service_application.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/support/brightness_model.h"
#include "tests/support/dicom_fixture.h"

namespace cxr::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// cxr-service, which tries a model before it is loaded.
std::string Executable() {
  const char* binary_dir = std::getenv("CXR_BINARY_DIR");  // set by ctest
  return std::string(binary_dir == nullptr ? "." : binary_dir) + "/bin/cxr-service";
}

/// Every real part together, in this process.
class ServiceApplicationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    model_ = std::filesystem::path(::testing::TempDir()) / ("service_application_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(model_);
    WriteBrightnessModel(model_.string());
    config_.model_dir = model_.string();
    config_.listen = {"127.0.0.1", 0};
    config_.workers = 1;
  }
  void TearDown() override { std::filesystem::remove_all(model_); }

  void Start() {
    absl::StatusOr<std::unique_ptr<ServiceApplication>> application = ServiceApplication::Listen(config_);
    ASSERT_TRUE(application.ok()) << application.status();
    application_ = *std::move(application);
    channel_ = grpc::CreateChannel(ToString(application_->address()), grpc::InsecureChannelCredentials());
  }

  v1::AnalyzeResponse Analyze(const DicomFixture& fixture) {
    grpc::ClientContext context;
    v1::AnalyzeRequest request;
    request.set_dicom(fixture.Build());
    v1::AnalyzeResponse response;
    const grpc::Status status = v1::AnalysisService::NewStub(channel_)->Analyze(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  int Health() {
    grpc::ClientContext context;
    grpc::health::v1::HealthCheckResponse response;
    const auto stub = grpc::health::v1::Health::NewStub(channel_);
    return stub->Check(&context, {}, &response).ok() ? static_cast<int>(response.status()) : -1;
  }

  ServiceConfig config_;
  std::filesystem::path model_;
  std::unique_ptr<ServiceApplication> application_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ServiceApplicationTest, IsHealthyOnlyOnceItsModelIsWarm) {
  Start();
  EXPECT_EQ(Health(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
  ASSERT_TRUE(application_->Serve(Executable()).ok());
  EXPECT_EQ(Health(), grpc::health::v1::HealthCheckResponse::SERVING);
}

TEST_F(ServiceApplicationTest, AnalysesAndTellsTheTimeOfEveryStage) {
  Start();
  ASSERT_TRUE(application_->Serve(Executable()).ok());
  const v1::AnalyzeResponse response = Analyze(DicomFixture());
  EXPECT_EQ(response.outcome(), v1::OUTCOME_ANALYSED);
  EXPECT_EQ(response.objects_size(), 2);
  std::vector<std::string> stages;
  for (const v1::StageTime& stage : response.stages()) stages.push_back(stage.stage());
  EXPECT_THAT(stages,
              ElementsAre("queue", "parse", "decode", "preprocess", "features", "head", "render", "capture", "report"));
}

TEST_F(ServiceApplicationTest, SettingsOfTheReportReachIt) {
  config_.sr_class = ReportClass::kComprehensive3D;
  Start();
  ASSERT_TRUE(application_->Serve(Executable()).ok());
  EXPECT_EQ(Analyze(DicomFixture()).objects(1).sop_class_uid(), "1.2.840.10008.5.1.4.1.1.88.34");
}

TEST_F(ServiceApplicationTest, RepeatsGiveTheSameUidsAndOtherSettingsGiveOthers) {
  Start();
  ASSERT_TRUE(application_->Serve(Executable()).ok());
  const std::string first = Analyze(DicomFixture()).objects(0).sop_instance_uid();
  EXPECT_EQ(Analyze(DicomFixture()).objects(0).sop_instance_uid(), first);
  application_.reset();
  config_.population = PopulationPolicy::kWarn;
  Start();
  ASSERT_TRUE(application_->Serve(Executable()).ok());
  EXPECT_NE(Analyze(DicomFixture()).objects(0).sop_instance_uid(), first);
}

TEST_F(ServiceApplicationTest, AModelThatCannotBeLoadedIsNamedAndNothingIsServed) {
  std::filesystem::remove(model_ / "model.pt");
  Start();
  const absl::Status status = application_->Serve(Executable());
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr("model.pt"));
  EXPECT_EQ(Health(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
}

TEST_F(ServiceApplicationTest, MetricsAreOffUnlessAskedForAndAPortInUseIsAnError) {
  Start();
  config_.metrics = application_->address();
  EXPECT_FALSE(ServiceApplication::Listen(config_).ok());
}

TEST_F(ServiceApplicationTest, ShutdownBeforeServingEnds) {
  Start();
  application_->Shutdown();
  EXPECT_EQ(Health(), -1);
}

}  // namespace
}  // namespace cxr::test
