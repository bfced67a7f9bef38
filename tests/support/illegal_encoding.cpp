// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/re_encoding.h"

namespace cxr::test {
namespace {

using Random = std::mt19937;

unsigned Below(Random& random, unsigned count) {
  return static_cast<unsigned>(random() % count);
}

/// Breaks a storing; `file` is built when it returns. A way may redraw what it cannot break.
using Break = void (*)(Storing& storing, Random& random, std::string& file);

std::string Little32(std::uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

void Set(Storing& storing, const std::string& name, const std::string& value, std::string& file) {
  storing.unknown_vrs = false;
  storing.fixture.attributes.emplace_back(name, value);
  absl::StrAppend(&storing.how, "; BROKEN: ", name, " is '", value, "'");
  file = storing.Build();
}

/// What stands in the tail may be missing: the delimiter of a sequence and a byte of padding.
void CutShort(Storing& storing, Random& random, std::string& file) {
  constexpr std::size_t kTail = 10;
  const std::string whole = storing.Build();
  file = whole.substr(0, random() % (whole.size() - kTail));
  absl::StrAppend(&storing.how, "; BROKEN: cut to ", file.size(), " of ", whole.size(), " bytes");
}

void SayLarger(Storing& storing, Random& random, std::string& file) {
  const bool rows = Below(random, 2) == 0;
  const int side = rows ? storing.fixture.rows : storing.fixture.columns;
  Set(storing, rows ? "Rows" : "Columns", std::to_string(side + 1 + static_cast<int>(Below(random, 400))), file);
}

/// Codestreams but those of RLE state their size.
void SaySmaller(Storing& storing, Random& random, std::string& file) {
  if (storing.fixture.syntax <= Syntax::kRle) storing.fixture.syntax = Syntax::kJpegLs;
  const bool rows = Below(random, 2) == 0;
  Set(storing, rows ? "Rows" : "Columns", std::to_string(1 + Below(random, 30)), file);
}

void ContradictBits(Storing& storing, Random& random, std::string& file) {
  const DicomFixture& f = storing.fixture;
  const std::pair<const char*, int> contradictions[] = {{"BitsStored", 0},
                                                        {"BitsStored", f.bits_allocated + 1},
                                                        {"BitsStored", 300},
                                                        {"HighBit", f.bits_stored - 2},
                                                        {"HighBit", f.bits_allocated},
                                                        {"BitsAllocated", 0},
                                                        {"BitsAllocated", 1},
                                                        {"BitsAllocated", 12},
                                                        {"BitsAllocated", 24},
                                                        {"BitsAllocated", 64}};
  const auto& [name, value] = contradictions[Below(random, std::size(contradictions))];
  Set(storing, name, std::to_string(value), file);
}

void MisnameColours(Storing& storing, Random& random, std::string& file) {
  const char* names[] = {"", "MONOCHROME3", "MONOCHROME", "RGB", "PALETTE COLOR", "YBR_FULL", "\xff\xfe", "GREY"};
  Set(storing, "PhotometricInterpretation", names[Below(random, std::size(names))], file);
}

void SayOtherSamples(Storing& storing, Random& random, std::string& file) {
  const char* samples[] = {"0", "2", "3", "4", "5", "65535"};
  Set(storing, "SamplesPerPixel", samples[Below(random, std::size(samples))], file);
}

void SayMoreFrames(Storing& storing, Random& random, std::string& file) {
  Set(storing, "NumberOfFrames", std::to_string(2 + Below(random, 100)), file);
}

void TakeAway(Storing& storing, Random& random, std::string& file) {
  const char* names[] = {"Rows",      "Columns",   "BitsAllocated",    "BitsStored",
                         "PixelData", "PixelData", "StudyInstanceUID", "SeriesInstanceUID"};
  const char* name = names[Below(random, std::size(names))];
  storing.fixture.remove = {name};
  absl::StrAppend(&storing.how, "; BROKEN: no ", name);
  file = storing.Build();
}

void SpoilUid(Storing& storing, Random& random, std::string& file) {
  const std::string values[] = {"", "1.2.03.4", "1..2", "not a uid", "1." + std::string(64, '2'), "."};
  Set(storing, Below(random, 2) == 0 ? "StudyInstanceUID" : "SeriesInstanceUID",
      values[Below(random, std::size(values))], file);
}

/// The only fragment of a file that ends with it.
struct Place {
  std::size_t begin = 0;
  std::size_t size = 0;
};

Place OnlyFragment(const std::string& file) {
  const std::size_t item = file.rfind(std::string("\xfe\xff\x00\xe0", 4));
  if (item == std::string::npos) std::abort();
  return {item + 8, file.size() - item - 16};
}

std::string BuildOneFragment(Storing& storing, Random& random) {
  constexpr Syntax kCodecs[] = {Syntax::kRle, Syntax::kJpegLossless, Syntax::kJpegLs, Syntax::kJpeg2000};
  if (!storing.encapsulated()) storing.fixture.syntax = kCodecs[Below(random, std::size(kCodecs))];
  storing.fixture.meta_header = true;
  storing.fixture.high_bit.reset();
  storing.fixture.junk_bits = 0;
  storing.fixture.fragments = 1;
  absl::StrAppend(&storing.how, "; syntax ", static_cast<int>(storing.fixture.syntax));
  return storing.Build();
}

/// A third of the codestream is zeroed or missing.
void DamageCodestream(Storing& storing, Random& random, std::string& file) {
  file = BuildOneFragment(storing, random);
  const Place place = OnlyFragment(file);
  const std::size_t third = place.size / 3;
  const std::size_t at = third / 2 + random() % third;
  std::string coded = file.substr(place.begin, place.size);
  const bool remove = Below(random, 2) == 0;
  if (remove) {
    coded.erase(at, third);
    if (coded.size() % 2 != 0) coded.push_back('\0');
  } else {
    std::fill_n(coded.begin() + static_cast<std::ptrdiff_t>(at), third, '\0');
  }
  file = file.substr(0, place.begin - 4) + Little32(static_cast<std::uint32_t>(coded.size())) + coded +
         file.substr(place.begin + place.size);
  absl::StrAppend(&storing.how, "; BROKEN: ", third, " bytes ", remove ? "missing" : "zeroed", " at ", at, " of ",
                  place.size, " of the codestream");
}

/// The codestream ends before its end in a file that is whole.
void EndCodestreamEarly(Storing& storing, Random& random, std::string& file) {
  file = BuildOneFragment(storing, random);
  const Place place = OnlyFragment(file);
  const std::size_t kept = (place.size / 10 + random() % (place.size * 7 / 10)) / 2 * 2;
  file = file.substr(0, place.begin - 4) + Little32(static_cast<std::uint32_t>(kept)) + file.substr(place.begin, kept) +
         file.substr(place.begin + place.size);
  absl::StrAppend(&storing.how, "; BROKEN: ", kept, " of ", place.size, " bytes of the codestream");
}

void LieAboutFragment(Storing& storing, Random& random, std::string& file) {
  file = BuildOneFragment(storing, random);
  const Place place = OnlyFragment(file);
  const std::uint32_t lies[] = {0xfffffff0, 0x7fffffff, static_cast<std::uint32_t>(place.size + 16 + random() % 1000)};
  const std::uint32_t lie = lies[Below(random, std::size(lies))];
  file.replace(place.begin - 4, 4, Little32(lie));
  absl::StrAppend(&storing.how, "; BROKEN: a fragment of ", lie, " bytes");
}

/// Every element of an explicit little endian file says how long it is.
void LieAboutPixels(Storing& storing, Random& random, std::string& file) {
  storing.fixture.syntax = Syntax::kExplicitLittle;
  storing.fixture.fragments = 1;
  file = storing.Build();
  const std::size_t at = file.find(std::string("\xe0\x7f\x10\x00O", 5));
  if (at == std::string::npos) std::abort();
  const std::uint32_t lies[] = {0xfffffff0, 0x80000000, static_cast<std::uint32_t>(file.size() + 2), 0};
  const std::uint32_t lie = lies[Below(random, std::size(lies))];
  file.replace(at + 8, 4, Little32(lie));
  absl::StrAppend(&storing.how, "; BROKEN: pixel data of ", lie, " bytes");
}

void AddEndlessText(Storing& storing, Random& random, std::string& file) {
  storing.fixture.syntax = Syntax::kExplicitLittle;
  storing.fixture.fragments = 1;
  file = storing.Build();
  const std::size_t at = file.find(std::string("\xe0\x7f\x10\x00O", 5));
  if (at == std::string::npos) std::abort();
  const std::uint32_t length = 0xfffffff0 - 2 * Below(random, 1000);
  file.insert(at, std::string("\x29\x00\x10\x10UT\0\0", 8) + Little32(length));
  absl::StrAppend(&storing.how, "; BROKEN: a text of ", length, " bytes");
}

void NameUnknownSyntax(Storing& storing, Random& random, std::string& file) {
  file = BuildOneFragment(storing, random);
  const std::string root = "1.2.840.10008.1.2.";
  const std::size_t meta = file.find(std::string("\x02\x00\x10\x00UI", 6));
  const std::size_t at = meta == std::string::npos ? meta : file.find(root, meta);
  if (at == std::string::npos) std::abort();
  file[at + root.size()] = '9';
  absl::StrAppend(&storing.how, "; BROKEN: unknown transfer syntax");
}

void NoDicomAtAll(Storing& storing, Random& random, std::string& file) {
  file.assign(1 + random() % 5000, '\0');
  if (Below(random, 3) > 0) std::generate(file.begin(), file.end(), [&] { return static_cast<char>(random()); });
  storing.how = absl::StrCat("BROKEN: ", file.size(), " bytes of something else");
}

}  // namespace

StoredImage StoreIllegally(const GrayImage& image, std::mt19937& random) {
  constexpr std::array<Break, 16> kWays = {CutShort,       SayLarger,        SaySmaller,         ContradictBits,
                                           MisnameColours, SayOtherSamples,  SayMoreFrames,      TakeAway,
                                           SpoilUid,       DamageCodestream, EndCodestreamEarly, LieAboutFragment,
                                           LieAboutPixels, AddEndlessText,   NameUnknownSyntax,  NoDicomAtAll};
  Storing storing = DrawStoring(image, random);
  StoredImage stored;
  kWays[Below(random, kWays.size())](storing, random, stored.file);
  stored.how = storing.how;
  return stored;
}

}  // namespace cxr::test
