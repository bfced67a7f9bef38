// SPDX-License-Identifier: Apache-2.0
#include "service/core/result_forms.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cxr {
namespace {

TEST(ResultForms, DifferInEverythingThatTellsThemApart) {
  std::set<std::string> names;
  std::set<std::string> stages;
  std::set<std::string> suffixes;
  std::set<std::string> sop_classes;
  std::set<int> series;
  for (const ResultForm& form : ResultForms()) {
    EXPECT_EQ(&FormOf(form.kind), &form);
    EXPECT_EQ(FindForm(static_cast<int>(form.kind)), &form);
    names.emplace(form.name);
    stages.emplace(form.stage);
    suffixes.emplace(form.file_suffix);
    sop_classes.emplace(form.sop_class_uid);
    series.insert(form.series_number);
  }
  for (const std::size_t count : {names.size(), stages.size(), suffixes.size(), sop_classes.size(), series.size()})
    EXPECT_EQ(count, ResultForms().size());
  EXPECT_EQ(FindForm(0), nullptr);
  EXPECT_EQ(FindForm(99), nullptr);
}

TEST(ObjectKinds, HoldWhatWasAdded) {
  ObjectKinds kinds;
  EXPECT_TRUE(kinds.empty());
  kinds.Add(ObjectKind::kParametricMap);
  EXPECT_TRUE(kinds.Has(ObjectKind::kParametricMap));
  EXPECT_FALSE(kinds.Has(ObjectKind::kSecondaryCapture));
  EXPECT_TRUE(kinds == ObjectKinds{ObjectKind::kParametricMap});
  EXPECT_TRUE(kinds != ObjectKinds::All());
  for (const ResultForm& form : ResultForms()) EXPECT_TRUE(ObjectKinds::All().Has(form.kind)) << form.name;
}

}  // namespace
}  // namespace cxr
