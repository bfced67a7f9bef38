// SPDX-License-Identifier: Apache-2.0
#include "service/model/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace cxr {
namespace {

using testing::HasSubstr;

Manifest ExampleManifest() {
  Manifest manifest;
  manifest.info.identity = {"cxr-example", "1.2.3", std::string(64, 'a')};
  manifest.info.population = {1, 5, "children"};
  SetOperatingPoints(manifest, 0.4375, 0.375);
  manifest.temperature = 1.25;
  manifest.rows = 192;
  manifest.columns = 224;
  manifest.training = {{"command", "cxr-train train --about 'a \"quoted\" text'"}, {"seed", "1"}};
  return manifest;
}

std::string Replaced(const std::string& from, const std::string& to) {
  std::string text = FormatManifest(ExampleManifest());
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string ErrorOf(const std::string& text) {
  return std::string(ParseManifest(text).status().message());
}

TEST(Manifest, SurvivesWritingAndReading) {
  const auto parsed = ParseManifest(FormatManifest(ExampleManifest()));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  const Manifest expected = ExampleManifest();
  EXPECT_EQ(parsed->info.identity.name, expected.info.identity.name);
  EXPECT_EQ(parsed->info.identity.version, expected.info.identity.version);
  EXPECT_EQ(parsed->info.identity.sha256, expected.info.identity.sha256);
  EXPECT_EQ(parsed->info.population.min_age_years, 1);
  EXPECT_EQ(parsed->info.population.max_age_years, 5);
  EXPECT_EQ(parsed->info.population.description, "children");
  EXPECT_EQ(parsed->sensitivity_operating_point, 0.4375);
  EXPECT_EQ(parsed->specificity_operating_point, 0.375);
  EXPECT_EQ(parsed->info.points, (OperatingPoints{0.375, 0.4375}));
  EXPECT_EQ(parsed->temperature, 1.25);
  EXPECT_EQ(parsed->rows, 192);
  EXPECT_EQ(parsed->columns, 224);
  EXPECT_EQ(parsed->training, expected.training);
}

TEST(Manifest, IsNamedByAllThatItSays) {
  const std::string text = FormatManifest(ExampleManifest());
  const std::string name = ParseManifest(text)->info.manifest_sha256;
  EXPECT_EQ(name.size(), 64U);
  EXPECT_EQ(ParseManifest(text)->info.manifest_sha256, name);
  for (const auto& [from, to] :
       {std::pair<const char*, const char*>{"1.25", "1.5"}, {"0.4375", "0.5"}, {"0.375", "0.25"}})
    EXPECT_NE(ParseManifest(Replaced(from, to))->info.manifest_sha256, name) << from;
}

TEST(Manifest, MayLackTheOutOfDistributionEntry) {
  const auto parsed = ParseManifest(FormatManifest(ExampleManifest()));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_FALSE(parsed->out_of_distribution.has_value());
  EXPECT_FALSE(parsed->info.ood.has_value());
}

TEST(Manifest, KeepsTheOutOfDistributionEntry) {
  Manifest manifest = ExampleManifest();
  manifest.out_of_distribution = Manifest::OutOfDistribution{"ood.safetensors", std::string(64, 'b')};
  manifest.info.ood = OodThresholds{1.25, 1.375};
  const std::string text = FormatManifest(manifest);
  const auto parsed = ParseManifest(text);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->out_of_distribution->file, "ood.safetensors");
  EXPECT_EQ(parsed->out_of_distribution->sha256, std::string(64, 'b'));
  EXPECT_EQ(parsed->info.ood, (OodThresholds{1.25, 1.375}));
  std::string outside = text;
  outside.replace(outside.find("ood.safetensors"), 15, "../somewhere-el");
  EXPECT_THAT(ErrorOf(outside), HasSubstr("\"out_of_distribution.file\""));
  std::string negative = text;
  negative.replace(negative.find("1.375"), 5, "-1.00");
  EXPECT_THAT(ErrorOf(negative), HasSubstr("\"out_of_distribution.threshold\""));
}

TEST(Manifest, NamesTheKeyThatIsWrong) {
  EXPECT_THAT(ErrorOf(Replaced("\"temperature\": 1.25", "\"temperature\": 0")), HasSubstr("\"temperature\""));
  EXPECT_THAT(ErrorOf(Replaced("\"temperature\": 1.25", "\"temperature\": \"hot\"")), HasSubstr("\"temperature\""));
  EXPECT_THAT(ErrorOf(Replaced("0.4375", "1.5")), HasSubstr("\"operating_point\""));
  EXPECT_THAT(ErrorOf(Replaced("\"NORMAL\"", "\"HEALTHY\"")), HasSubstr("\"classes\""));
  EXPECT_THAT(ErrorOf(Replaced("\"rows\": 192", "\"rows\": 1000000000")), HasSubstr("\"input.rows\""));
  EXPECT_THAT(ErrorOf(Replaced("\"rows\": 192", "\"rows\": 192.5")), HasSubstr("\"input.rows\""));
  EXPECT_THAT(ErrorOf(Replaced("bilinear-antialias squash", "nearest")), HasSubstr("\"input.resize\""));
  EXPECT_THAT(ErrorOf(Replaced("x / 127.5 - 1", "x / 255")), HasSubstr("\"input.scaling\""));
  EXPECT_THAT(ErrorOf(Replaced("\"min_age_years\": 1.0", "\"min_age_years\": 7")),
              HasSubstr("population.max_age_years"));
  EXPECT_THAT(ErrorOf(Replaced("\"format\": 1", "\"format\": 2")), HasSubstr("\"format\""));
  EXPECT_THAT(ErrorOf(Replaced(std::string(64, 'a'), "abc")), HasSubstr("\"sha256\""));
  EXPECT_THAT(ErrorOf(Replaced("\"seed\": \"1\"", "\"seed\": 1")), HasSubstr("\"training.seed\""));
}

TEST(Manifest, NamesTheKeyThatIsThereTwice) {
  EXPECT_THAT(ErrorOf(Replaced("\"temperature\": 1.25", "\"temperature\": 1.25, \"temperature\": 2")),
              HasSubstr("the key \"temperature\" is there twice"));
  EXPECT_THAT(ErrorOf(Replaced("\"rows\": 192", "\"rows\": 192, \"rows\": 192")),
              HasSubstr("the key \"input.rows\" is there twice"))
      << "also with the same value";
  EXPECT_THAT(ErrorOf(Replaced("\"seed\": \"1\"", "\"seed\": \"1\", \"\\u0073eed\": \"2\"")),
              HasSubstr("the key \"training.seed\" is there twice"))
      << "also with another spelling";
  EXPECT_TRUE(ParseManifest(Replaced("\"seed\": \"1\"", "\"seed\": \"1\", \"rows\": \"2\"")).ok())
      << "objects have keys of their own";
}

TEST(Manifest, KeepsTheModelFileInItsFolder) {
  EXPECT_THAT(ErrorOf(Replaced("\"model.pt\"", "\"../../etc/passwd\"")), HasSubstr("\"file\""));
  EXPECT_THAT(ErrorOf(Replaced("\"model.pt\"", "\"..\"")), HasSubstr("\"file\""));
  EXPECT_THAT(ErrorOf(Replaced("\"cxr-example\"", "\"two words\"")), HasSubstr("\"name\""));
}

TEST(Manifest, NamesTheKeyThatIsMissingOrUnknown) {
  EXPECT_THAT(ErrorOf(Replaced("\"temperature\": 1.25,", "")), HasSubstr("\"temperature\": expected to be present"));
  EXPECT_THAT(ErrorOf(Replaced("\"temperature\"", "\"temprature\"")), HasSubstr("unknown key \"temprature\""));
  EXPECT_THAT(ErrorOf(Replaced("\"scaling\"", "\"scale\"")), HasSubstr("unknown key \"input.scale\""));
}

TEST(Manifest, RefusesWhatIsNotAManifestAtAll) {
  EXPECT_THAT(ErrorOf(""), HasSubstr("not valid JSON"));
  EXPECT_THAT(ErrorOf("{"), HasSubstr("not valid JSON"));
  EXPECT_THAT(ErrorOf("[]"), HasSubstr("a JSON object"));
  EXPECT_THAT(ErrorOf("null"), HasSubstr("a JSON object"));
  EXPECT_FALSE(ParseManifest(std::string(100000, '[')).ok());
}

}  // namespace
}  // namespace cxr
