// SPDX-License-Identifier: Apache-2.0
#include "service/core/field_words.h"

#include <gtest/gtest.h>

namespace cxr {
namespace {

TEST(FieldWords, NameTheChestInManySpellings) {
  for (const char* text : {"CHEST", "THORAX", "TORAX", "LUNG", "LUNGS", "CHEST PA", "PED CHEST", "chest_portable",
                           "T\xc3\x93RAX", "T\xd3RAX", "TORACE", "POUMONS", "PULMON", "Chest 2V"}) {
    EXPECT_TRUE(NamesChest(text)) << text;
  }
  for (const char* text : {"HAND", "ABDOMEN", "CHESTABDOMEN", "CHEST ABDOMEN", "CHEST WALL", "RIBS", "TSPINE", ""}) {
    EXPECT_FALSE(NamesChest(text)) << text;
  }
}

TEST(FieldWords, NameFrontalViewsWithWhatStandsBesideThem) {
  for (const char* text :
       {"AP", "PA", "PA ERECT", "AP SUPINE", "AP_PORTABLE", "FRONTAL", "P.A.", "CHEST PA", "POSTERO-ANTERIOR", "ap"}) {
    EXPECT_TRUE(NamesFrontalView(text)) << text;
  }
  for (const char* text :
       {"LL", "RL", "LATERAL", "LLO", "RAO", "AP OBLIQUE", "AP LORDOTIC", "AP DECUB", "PA LAT", ""}) {
    EXPECT_FALSE(NamesFrontalView(text)) << text;
  }
}

TEST(FieldWords, SayLateralInManyLanguages) {
  for (const char* text : {"Chest LAT", "CHEST LATERAL", "Thorax seitlich", "Thorax seitl.", "Thorax profil",
                           "Torax perfil", "Torace laterale", "Torace L.L.", "RX T\xc3\xb3rax lateral",
                           "thorax de profil", "Thorax lat\xc3\xa9rale", "Thorax LAT\xc9RAL", "Klatka piersiowa boczne",
                           "X-thorax dwars", "\xe8\x83\xb8\xe9\x83\xa8\xe4\xbe\xa7\xe4\xbd\x8d",
                           "\xd0\xb1\xd0\xbe\xd0\xba\xd0\xbe\xd0\xb2\xd0\xb0\xd1\x8f"}) {
    EXPECT_EQ(ViewInWords(text), ViewSaid::kLateral) << text;
  }
}

TEST(FieldWords, SayFrontalOrNothing) {
  for (const char* text : {"Chest PA", "Thorax p.a.", "Thorax de face", "AP bed"})
    EXPECT_EQ(ViewInWords(text), ViewSaid::kFrontal) << text;
  // A study of both views says nothing of one of its images.
  for (const char* text :
       {"", "XR chest", "Chest PA and lateral", "Thorax 2 Ebenen", "CHEST PA/LAT", "bilateral", "Latin America"}) {
    EXPECT_EQ(ViewInWords(text), ViewSaid::kNothing) << text;
  }
}

TEST(FieldWords, KnowPlaceholdersAndMan) {
  for (const char* text : {"", "UNKNOWN", "Unknown", "N/A", "-", "?", "not specified", "NONE"})
    EXPECT_TRUE(IsPlaceholder(text)) << text;
  for (const char* text : {"CHEST", "PA", "OTHER"}) EXPECT_FALSE(IsPlaceholder(text)) << text;
  for (const char* text : {"Human", "homo sapiens", "Mensch"}) EXPECT_TRUE(NamesHuman(text)) << text;
  for (const char* text : {"Canine", "Felis catus", "Equus", "Humanoid dog"}) EXPECT_FALSE(NamesHuman(text)) << text;
}

}  // namespace
}  // namespace cxr
