// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/wire_text.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

TEST(WireText, LeavesUtf8Alone) {
  for (const char* text : {"", "plain", "Köln", "肺炎", "🫁", "a\xEF\xBF\xBDz"}) EXPECT_EQ(WireText(text), text);
}

TEST(WireText, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(WireText("K\xF6ln"), "K?ln") << "Latin-1";
  EXPECT_EQ(WireText("\xC3"), "?") << "ends early";
  EXPECT_EQ(WireText("\xC0\xAF"), "??") << "overlong";
  EXPECT_EQ(WireText("\xE0\x80\xAF"), "???") << "overlong";
  EXPECT_EQ(WireText("\xED\xA0\x80"), "???") << "surrogate";
  EXPECT_EQ(WireText("\xF4\x90\x80\x80"), "????") << "beyond Unicode";
  EXPECT_EQ(WireText("\x80"), "?") << "continuation without a lead";
}

TEST(WireText, ReplacesControlCharacters) {
  EXPECT_EQ(WireText("a\nb"), "a?b");
  EXPECT_EQ(WireText(absl::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(WireText("\x1B[31m"), "?[31m");
}

}  // namespace
}  // namespace cxr
