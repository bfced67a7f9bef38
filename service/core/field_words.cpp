// SPDX-License-Identifier: Apache-2.0
#include "service/core/field_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace cxr {
namespace {

using Words = std::vector<std::string>;

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_isalnum(byte) || byte >= 0x80;
}

/// The words of a text in upper case. Single letters in a row are one word: "p.a." is PA.
Words WordsOf(absl::string_view text) {
  Words words;
  std::string word;
  bool letters = false;  // the last word consists of single letters
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && IsWordByte(text[i])) {
      word.push_back(absl::ascii_toupper(static_cast<unsigned char>(text[i])));
      continue;
    }
    if (word.empty()) continue;
    const bool letter = word.size() == 1 && absl::ascii_isalpha(static_cast<unsigned char>(word[0]));
    if (letter && letters) {
      words.back() += word;
    } else {
      words.push_back(word);
    }
    letters = letter;
    word.clear();
  }
  return words;
}

template <std::size_t N>
bool IsOneOf(const std::string& word, const std::array<absl::string_view, N>& known) {
  return std::find(known.begin(), known.end(), absl::string_view(word.data(), word.size())) != known.end();
}

template <std::size_t N>
bool BeginsLikeOneOf(const std::string& word, const std::array<absl::string_view, N>& stems) {
  return std::any_of(stems.begin(), stems.end(), [&](absl::string_view stem) {
    return word.compare(0, stem.size(), stem.data(), stem.size()) == 0;
  });
}

template <std::size_t N>
bool HoldsOneOf(absl::string_view text, const std::array<absl::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](absl::string_view part) { return absl::StrContains(text, part); });
}

// English, German, French, Italian, Spanish, Portuguese, Dutch, Swedish, Polish, Czech, Turkish; Russian, Chinese and
// Japanese in UTF-8.
constexpr std::array<absl::string_view, 10> kLateralWords = {"LAT",  "LL",    "RL",  "LLAT", "RLAT",
                                                             "LLAT", "DWARS", "YAN", "SIDO", "SIDOBILD"};
constexpr std::array<absl::string_view, 16> kLateralStems = {
    "LATERAL",   "LAT\xc3\xa9RAL",      "LAT\xc3\x89RAL", "LAT\xe9RAL", "LAT\xc9RAL", "LATERO",
    "SEITL",     "SEITENAUFN",          "PROFIL",         "PERFIL",     "BOCZN",      "BOCNI",
    "ZIJDELING", "BO\xc4\x8dN\xc3\xad", "BO\xc4\x8cN",    "BOKOV"};
constexpr std::array<absl::string_view, 5> kLateralParts = {
    "\xe4\xbe\xa7\xe4\xbd\x8d", "\xe5\x81\xb4\xe4\xbd\x8d", "\xe5\x81\xb4\xe9\x9d\xa2",
    "\xd0\xb1\xd0\xbe\xd0\xba\xd0\xbe\xd0\xb2", "\xd0\x91\xd0\x9e\xd0\x9a\xd0\x9e\xd0\x92"};
constexpr std::array<absl::string_view, 4> kFrontalWords = {"AP", "PA", "FACE", "FRONT"};
constexpr std::array<absl::string_view, 4> kFrontalStems = {"FRONTAL", "POSTERO", "ANTERO", "POSTEROANTER"};
constexpr std::array<absl::string_view, 2> kFrontalParts = {"\xe6\xad\xa3\xe4\xbd\x8d", "\xe6\xad\xa3\xe9\x9d\xa2"};
constexpr std::array<absl::string_view, 7> kUnusualStems = {"OBL",    "LORDO", "AXIAL",    "DECUB",
                                                            "TANGEN", "SCHR",  "SEMIAXIAL"};

constexpr std::array<absl::string_view, 14> kChestStems = {
    "CHEST",  "THORAX", "TORAX", "T\xc3\xb3RAX", "T\xc3\x93RAX", "T\xf3RAX", "T\xd3RAX",
    "TORACE", "LUNG",   "PULM",  "POUMON",       "POITRINE",     "POLMON",   "BRUSTKORB"};
constexpr std::array<absl::string_view, 22> kOtherRegions = {
    "ABDOM", "PELVI", "NECK", "SPINE", "RIB",  "STERN", "CLAVIC", "SHOULDER", "ARM", "HAND",   "LEG",
    "FOOT",  "KNEE",  "HIP",  "SKULL", "HEAD", "WALL",  "LWS",    "BWS",      "HWS", "VERTEB", "WIRBEL"};

constexpr std::array<absl::string_view, 13> kPlaceholders = {
    "UNKNOWN", "UNK",          "UNDEFINED", "UNSPECIFIED", "NONE", "NA", "NULL",
    "NIL",     "NOTSPECIFIED", "NOTSTATED", "NODATA",      "XX",   "XXX"};
constexpr std::array<absl::string_view, 8> kHumanWords = {"HUMAN",  "HUMANS", "HOMO",   "HUMANO",
                                                          "HUMAIN", "UMANO",  "MENSCH", "PERSON"};

}  // namespace

bool IsPlaceholder(absl::string_view value) {
  std::string word;
  for (const std::string& part : WordsOf(value)) word += part;
  return word.empty() || IsOneOf(word, kPlaceholders);
}

bool NamesChest(absl::string_view body_part) {
  bool chest = false;
  for (const std::string& word : WordsOf(body_part)) {
    if (BeginsLikeOneOf(word, kOtherRegions)) return false;
    const bool whole = word != "CHESTABDOMEN" && word != "CHESTABDPELVIS";  // defined terms of PS3.16, annex L
    chest = chest || (whole && BeginsLikeOneOf(word, kChestStems));
  }
  return chest;
}

bool NamesFrontalView(absl::string_view view_position) {
  const Words words = WordsOf(view_position);
  return ViewInWords(view_position) == ViewSaid::kFrontal &&
         std::none_of(words.begin(), words.end(),
                      [](const std::string& word) { return BeginsLikeOneOf(word, kUnusualStems); });
}

ViewSaid ViewInWords(absl::string_view description) {
  bool lateral = HoldsOneOf(description, kLateralParts);
  bool frontal = HoldsOneOf(description, kFrontalParts);
  for (const std::string& word : WordsOf(description)) {
    lateral = lateral || IsOneOf(word, kLateralWords) || BeginsLikeOneOf(word, kLateralStems);
    frontal = frontal || IsOneOf(word, kFrontalWords) || BeginsLikeOneOf(word, kFrontalStems);
  }
  if (lateral == frontal) return ViewSaid::kNothing;
  return lateral ? ViewSaid::kLateral : ViewSaid::kFrontal;
}

bool NamesHuman(absl::string_view species) {
  const Words words = WordsOf(species);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) { return IsOneOf(word, kHumanWords); });
}

}  // namespace cxr
