// SPDX-License-Identifier: Apache-2.0
#include "service/base/utf8.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

TEST(Utf8, AcceptsEveryLengthUpToTheLastCodePoint) {
  for (const char* text :
       {"", "plain", "J\xC3\xBCrgen", "\xE2\x82\xAC", "\xEE\x80\x80", "\xF0\x9F\xA9\xBB", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
}

TEST(Utf8, RefusesWhatTheStandardDoes) {
  for (const char* text : {"\x80", "J\xFCrgen", "\xC3", "\xC3(", "\xE2\x82", "\xC0\xAF", "\xE0\x80\xAF",
                           "\xF0\x80\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
}

}  // namespace
}  // namespace cxr
