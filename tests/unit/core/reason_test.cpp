// SPDX-License-Identifier: Apache-2.0
#include "service/core/reason.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cxr {
namespace {

TEST(Reason, EveryCodeAndOutcomeHasANameOfItsOwn) {
  std::set<std::string> names;
  for (int code = 1; code <= 8; ++code) names.insert(std::string(ReasonCodeName(static_cast<ReasonCode>(code))));
  EXPECT_EQ(names.size(), 8U);
  EXPECT_EQ(names.count("UNKNOWN"), 0U);
  EXPECT_EQ(OutcomeName(Outcome::kAnalysed), "analysed");
  EXPECT_EQ(OutcomeName(Outcome::kAnalysedWithWarnings), "analysed with warnings");
  EXPECT_EQ(OutcomeName(Outcome::kNotApplicable), "not applicable");
}

}  // namespace
}  // namespace cxr
