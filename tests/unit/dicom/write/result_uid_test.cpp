// SPDX-License-Identifier: Apache-2.0
// One UID, one content: an archive keeps whichever it got first.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/dicom/support/analysis_samples.h"
#include "tests/unit/dicom/support/result_file.h"

namespace cxr {
namespace {

using test::DicomFixture;
using test::ResultFile;

/// All that a result is made from.
struct Making {
  DicomFixture source;
  Analysis analysis = test::AnalysisOf(0.7, 0.2);
  DicomSettings settings = test::FixedSettings();
  bool capture = true;  ///< whether the report is made beside a capture
};

using Objects = std::map<ObjectKind, DicomObject>;

Objects Write(const Making& making) {
  const std::string file = making.source.Build();
  const std::unique_ptr<Radiograph> radiograph = test::Reader(making.settings)->Read(file).value();
  const RgbImage drawn = test::Overlay(30, 24);
  Objects objects;
  for (const ResultForm& form : ResultForms()) {
    const bool is_capture = form.kind == ObjectKind::kSecondaryCapture;
    if (is_capture && !making.capture) continue;
    const bool beside = form.kind == ObjectKind::kStructuredReport && making.capture;
    const DicomObject* capture = beside ? &objects.at(ObjectKind::kSecondaryCapture) : nullptr;
    objects[form.kind] =
        radiograph->Write(form.kind, {making.analysis, is_capture ? &drawn : nullptr, capture}).value();
  }
  return objects;
}

struct Change {
  const char* name;
  std::function<void(Making&)> make;
  bool other_series;  ///< whether what the objects of a series have in common changes too
};

class ResultUid : public ::testing::TestWithParam<Change> {};

TEST_P(ResultUid, IsAnotherOneWhenTheContentMayBe) {
  Making making;
  const Objects before = Write(making);
  GetParam().make(making);
  for (const auto& [kind, object] : Write(making)) {
    EXPECT_NE(object.sop_instance_uid, before.at(kind).sop_instance_uid) << FormOf(kind).name;
    EXPECT_EQ(object.series_instance_uid != before.at(kind).series_instance_uid, GetParam().other_series)
        << FormOf(kind).name;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Of, ResultUid,
    ::testing::Values(
        Change{"AnotherInstance", [](Making& m) { m.source.instance_uid = "2.25.1004"; }, false},
        Change{"OnePixel",
               [](Making& m) {
                 m.source.pixels.assign(std::size_t{60} * 48, 7);
                 m.source.pixels[5] = 8;
               },
               false},
        Change{"TheHeader",
               [](Making& m) {
                 m.source.attributes = {{"PatientAge", "004Y"}};
               },
               false},
        Change{"TheWayItIsStored", [](Making& m) { m.source.syntax = test::Syntax::kRle; }, false},
        Change{"TheModel", [](Making& m) { m.analysis.model.identity.sha256 = std::string(64, 'b'); }, true},
        Change{"AThreshold", [](Making& m) { m.analysis.model.manifest_sha256 = std::string(64, 'c'); }, true},
        Change{"ASetting", [](Making& m) { m.settings.write.digest = "settings-2"; }, true},
        Change{"TheVersion", [](Making& m) { m.settings.write.service_version = "9.9.9"; }, true}),
    [](const auto& change) { return std::string(change.param.name); });

TEST(ResultUids, DoNotDependOnTime) {
  Making later;
  later.settings.write.clock = [] { return DateTime{"20301231", "235959"}; };
  const Objects first = Write({});
  for (const auto& [kind, object] : Write(later)) {
    EXPECT_EQ(object.sop_instance_uid, first.at(kind).sop_instance_uid);
    EXPECT_EQ(object.series_instance_uid, first.at(kind).series_instance_uid);
    EXPECT_NE(object.content, first.at(kind).content) << "they say when they were made";
  }
}

TEST(ResultUids, AreTheSameForTheSameContent) {
  const Objects first = Write({});
  for (const auto& [kind, object] : Write({})) EXPECT_EQ(object.content, first.at(kind).content) << FormOf(kind).name;
}

/// It names its capture, so that it is another content without one; what does not, is the same.
TEST(ResultUids, OfAReportDependOnWhetherThereIsACapture) {
  Making alone;
  alone.capture = false;
  const Objects with = Write({});
  const Objects without = Write(alone);
  const ObjectKind report = ObjectKind::kStructuredReport;
  EXPECT_NE(with.at(report).sop_instance_uid, without.at(report).sop_instance_uid);
  EXPECT_EQ(with.at(report).series_instance_uid, without.at(report).series_instance_uid);
  for (const ObjectKind kind : {ObjectKind::kPresentationState, ObjectKind::kParametricMap})
    EXPECT_EQ(with.at(kind).content, without.at(kind).content) << FormOf(kind).name;
}

TEST(ResultUids, OfTheFormsAreAllDifferent) {
  std::set<std::string> uids;
  for (const auto& [kind, object] : Write({})) {
    uids.insert(object.sop_instance_uid);
    uids.insert(object.series_instance_uid);
  }
  EXPECT_EQ(uids.size(), 2 * ResultForms().size());
}

/// Every UID of our making in the data set of an object.
std::set<std::string> UidsIn(const DicomObject& object) {
  ResultFile file(object.content);
  std::set<std::string> uids;
  DcmStack stack;
  while (file.dataset().nextObject(stack, true).good()) {
    auto* element = dynamic_cast<DcmElement*>(stack.top());
    OFString text;
    if (element == nullptr || element->ident() != EVR_UI || element->getOFString(text, 0).bad()) continue;
    if (text.size() > 20 && text.substr(0, 5) == "2.25.") uids.insert(text.c_str());
  }
  return uids;
}

/// Of other pixels under the same UID nothing but the observer and the series is named as before: neither region nor
/// frame of reference.
TEST(ResultUids, InsideTheObjectsFollow) {
  Making other;
  other.source.pixels.assign(std::size_t{60} * 48, 7);
  const Objects before = Write({});
  for (const auto& [kind, object] : Write(other)) {
    const std::set<std::string> old = UidsIn(before.at(kind));
    std::set<std::string> shared;
    for (const std::string& uid : UidsIn(object))
      if (old.count(uid) > 0) shared.insert(uid);
    shared.erase(object.series_instance_uid);
    shared.erase(before.at(ObjectKind::kSecondaryCapture).series_instance_uid);
    EXPECT_LE(shared.size(), kind == ObjectKind::kStructuredReport ? 1U : 0U) << FormOf(kind).name;
  }
}

}  // namespace
}  // namespace cxr
