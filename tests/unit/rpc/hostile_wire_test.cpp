// SPDX-License-Identifier: Apache-2.0
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include "tests/unit/rpc/service_fixture.h"

namespace cxr::test {
namespace {

class HostileWireTest : public ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    Open();
  }

  grpc::ByteBuffer Buffer(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    return {&slice, 1};
  }

  /// Sends bytes that no generated code would.
  grpc::Status CallRaw(const std::string& method, const std::string& bytes) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    const auto call = stub.PrepareUnaryCall(&context, method, Buffer(bytes), &queue);
    call->StartCall();
    grpc::ByteBuffer response;
    grpc::Status status;
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return status;
  }
};

TEST_F(HostileWireTest, BytesThatAreNoMessageAreACleanError) {
  for (const std::string& bytes : {std::string("\x0A\xFF\xFF\xFF\xFF\x0F", 6), std::string("\xFF\xFF\xFF"),
                                   std::string("\x0A\x7F") + "short", std::string(4096, '\x0B')}) {
    const grpc::Status status = CallRaw("/cxr.v1.AnalysisService/Analyze", bytes);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
  }
  EXPECT_TRUE(fakes_.behaviour.log.calls().empty());
  EXPECT_TRUE(Analyze(Request()).status.ok()) << "the service is still up";
}

TEST_F(HostileWireTest, UnknownFieldsAreIgnored) {
  const std::string request = std::string("\x0A\x05") + "bytes" + std::string("\x9A\x06\x02hi", 5);
  EXPECT_TRUE(CallRaw("/cxr.v1.AnalysisService/Analyze", request).ok());
}

TEST_F(HostileWireTest, UnknownMethodsAreUnimplemented) {
  EXPECT_EQ(CallRaw("/cxr.v1.AnalysisService/Erase", "").error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(HostileWireTest, AMessageLargerThanTheLimitIsResourceExhausted) {
  v1::AnalyzeRequest request;
  request.set_dicom(std::string((kMaxMessageMib + 1) * std::size_t{1024} * 1024, 'x'));
  EXPECT_EQ(Analyze(request).status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(fakes_.behaviour.log.calls().empty());
  request.set_dicom(std::string(kMaxMessageMib * std::size_t{1024} * 1024, 'x'));
  EXPECT_TRUE(Analyze(request).status.ok()) << "the limit is that of the instance, not of its envelope";
}

TEST_F(HostileWireTest, ACallWithoutAMessageIsRefused) {
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  const auto call = stub.PrepareCall(&context, "/cxr.v1.AnalysisService/Analyze", &queue);
  call->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  call->WritesDone(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::Status status;
  call->Finish(&status, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
}

TEST_F(HostileWireTest, ReflectionNamesTheServices) {
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto next = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto call =
      stub.PrepareCall(&context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  call->StartCall(nullptr);
  ASSERT_TRUE(next());
  call->Write(Buffer(std::string("\x3A\x00", 2)), nullptr);  // list_services (field 7): ""
  ASSERT_TRUE(next());
  grpc::ByteBuffer response;
  call->Read(&response, nullptr);
  ASSERT_TRUE(next());
  grpc::Slice slice;
  ASSERT_TRUE(response.DumpToSingleSlice(&slice).ok());
  const std::string names(reinterpret_cast<const char*>(slice.begin()), slice.size());
  EXPECT_NE(names.find("cxr.v1.AnalysisService"), std::string::npos);
  call->WritesDone(nullptr);
  EXPECT_TRUE(next());
  grpc::Status status;
  call->Finish(&status, nullptr);
  EXPECT_TRUE(next());
  EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace
}  // namespace cxr::test
