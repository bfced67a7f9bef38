// SPDX-License-Identifier: Apache-2.0
#include "service/model/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace cxr {
namespace {

using testing::HasSubstr;

std::string File(const std::string& header, const std::string& data) {
  std::string bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xFFU);
  return bytes + header + data;
}

std::string Floats(const std::vector<float>& values) {
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::string HeaderError(const std::string& header, const std::string& data) {
  return std::string(ParseSafetensors(File(header, data)).status().message());
}

TEST(Safetensors, ReadsNamesShapesAndValues) {
  const auto tensors = ParseSafetensors(
      File(R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]},)"
           R"("b":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})",
           Floats({7, 1.5, -2})));
  ASSERT_TRUE(tensors.ok()) << tensors.status();
  ASSERT_EQ(tensors->size(), 2U);
  EXPECT_THAT(tensors->at("a").shape, testing::ElementsAre(2, 1));
  EXPECT_THAT(tensors->at("a").values, testing::ElementsAre(1.5F, -2.0F));
  EXPECT_THAT(tensors->at("b").values, testing::ElementsAre(7.0F));
}

TEST(Safetensors, RefusesAHeaderLongerThanTheFile) {
  EXPECT_FALSE(ParseSafetensors("").ok());
  EXPECT_FALSE(ParseSafetensors("1234567").ok());
  EXPECT_FALSE(ParseSafetensors(std::string(8, '\xFF')).ok());
  std::string shortened = File("{}      ", "");
  shortened.pop_back();
  EXPECT_FALSE(ParseSafetensors(shortened).ok());
}

TEST(Safetensors, RefusesTensorsOutsideTheFileOrOfAnotherSizeThanTheirShape) {
  const std::string data = Floats({1, 2});
  EXPECT_THAT(HeaderError(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}})", data),
              HasSubstr("a lies outside"));
  EXPECT_THAT(HeaderError(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}})", data),
              HasSubstr("a lies outside"));
  EXPECT_THAT(HeaderError(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", data),
              HasSubstr("its shape needs 4"));
  EXPECT_THAT(HeaderError(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,8]}})", data),
              HasSubstr("larger than the file"));
  EXPECT_THAT(HeaderError(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}})", data),
              HasSubstr("no valid shape"));
  EXPECT_THAT(HeaderError(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,-4]}})", data),
              HasSubstr("data_offsets"));
}

TEST(Safetensors, RefusesOverlapsThatWouldMultiplyMemory) {
  EXPECT_THAT(
      HeaderError(
          R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
          Floats({1, 2})),
      HasSubstr("overlaps"));
}

TEST(Safetensors, RefusesOtherTypesAndBrokenHeaders) {
  EXPECT_THAT(HeaderError(R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", Floats({1})),
              HasSubstr("dtype F32"));
  EXPECT_THAT(HeaderError(R"({"a":{"shape":[1],"data_offsets":[0,4]}})", Floats({1})), HasSubstr("lacks"));
  EXPECT_THAT(HeaderError(R"({"a":3})", ""), HasSubstr("lacks"));
  EXPECT_THAT(HeaderError("[1,2]", ""), HasSubstr("JSON object"));
  EXPECT_THAT(HeaderError("{", ""), HasSubstr("JSON object"));
  EXPECT_THAT(HeaderError(R"({"a":{},"a":{}})", ""), HasSubstr("the key \"a\" is there twice"));
}

}  // namespace
}  // namespace cxr
