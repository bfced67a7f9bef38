// SPDX-License-Identifier: Apache-2.0
#include "service/core/reason.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cxr {
namespace {

TEST(Reason, EveryCodeAndOutcomeHasANameOfItsOwn) {
  constexpr int kLast = static_cast<int>(ReasonCode::kTextPage);
  std::set<std::string> names;
  std::set<std::string> meanings;
  for (int code = 1; code <= kLast; ++code) {
    names.emplace(ReasonCodeName(static_cast<ReasonCode>(code)));
    meanings.emplace(ReasonMeaning(static_cast<ReasonCode>(code)));
  }
  EXPECT_EQ(names.size(), std::size_t{kLast});
  EXPECT_EQ(names.count("UNKNOWN"), 0U);
  EXPECT_EQ(meanings.size(), std::size_t{kLast});
  for (const std::string& meaning : meanings) EXPECT_LE(meaning.size(), 64U) << "the length of a code meaning, LO";
  EXPECT_EQ(OutcomeName(Outcome::kAnalysed), "analysed");
  EXPECT_EQ(OutcomeName(Outcome::kAnalysedWithWarnings), "analysed with warnings");
  EXPECT_EQ(OutcomeName(Outcome::kNotApplicable), "not applicable");
}

}  // namespace
}  // namespace cxr
