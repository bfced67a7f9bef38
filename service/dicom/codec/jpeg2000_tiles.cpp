// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/jpeg2000_tiles.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/dicom/codec/marker_segment.h"

namespace cxr {
namespace {

constexpr int kSize = 0xff51;
constexpr int kCodingStyle = 0xff52;
constexpr int kComponentStyle = 0xff53;
constexpr int kProgression = 0xff5f;
constexpr int kStartOfTile = 0xff90;
constexpr int kStartOfData = 0xff93;
constexpr int kEndOfCodestream = 0xffd9;
constexpr std::size_t kTileHeader = 12;  // marker, length, tile, size, part, number of parts

absl::Status TileDamage(absl::string_view clause) {
  return absl::InvalidArgumentError(clause);
}

struct Tile {
  int parts = 0;   ///< seen
  int stated = 0;  ///< 0 while no part states it
};

class Walker {
 public:
  Walker(absl::string_view bytes, int most_tiles) : bytes_(bytes), most_tiles_(most_tiles) {}

  absl::Status Walk();

 private:
  absl::Status ReadMainHeader();
  absl::Status ReadSize(absl::string_view segment);
  void ReadCodingStyle(absl::string_view segment);
  absl::Status ReadTilePart();
  absl::Status CountPart(std::uint64_t index, int part, int stated);
  absl::Status CheckData(absl::string_view part);
  absl::Status CheckAllThere() const;

  absl::string_view bytes_;
  int most_tiles_;
  std::size_t at_ = 2;
  std::vector<Tile> tiles_;
  std::uint64_t tile_width_ = 0;
  std::uint64_t tile_height_ = 0;
  /// Packets a tile can have: an empty one is a zero byte. 0 when it is not known.
  std::uint64_t packets_ = 0;
};

/// A.5.1.
absl::Status Walker::ReadSize(absl::string_view segment) {
  if (segment.size() < 36) return TileDamage("its size segment is cut short");
  const std::uint64_t right = BigEndian(segment, 2, 4);
  const std::uint64_t bottom = BigEndian(segment, 6, 4);
  tile_width_ = BigEndian(segment, 18, 4);
  tile_height_ = BigEndian(segment, 22, 4);
  const std::uint64_t tile_left = BigEndian(segment, 26, 4);
  const std::uint64_t tile_top = BigEndian(segment, 30, 4);
  if (tile_width_ == 0 || tile_height_ == 0 || tile_left >= right || tile_top >= bottom)
    return TileDamage("its tiles have no size");
  const std::uint64_t across = (right - tile_left + tile_width_ - 1) / tile_width_;
  const std::uint64_t down = (bottom - tile_top + tile_height_ - 1) / tile_height_;
  const auto most = static_cast<std::uint64_t>(most_tiles_);
  if (across > most || down > most || across * down > most)
    return TileDamage(absl::StrCat("it has ", across, " x ", down, " tiles; accepted are ", most, " in all"));
  tiles_.resize(across * down);
  tile_width_ = std::min(tile_width_, right);
  tile_height_ = std::min(tile_height_, bottom);
  return absl::OkStatus();
}

/// A.6.1. Codes that bypass the arithmetic coder may hold any bytes.
void Walker::ReadCodingStyle(absl::string_view segment) {
  packets_ = 0;
  if (segment.size() < 10 || (BigEndian(segment, 8, 1) & 1) != 0) return;
  const bool precincts = (BigEndian(segment, 0, 1) & 1) != 0;
  const std::uint64_t layers = BigEndian(segment, 2, 2);
  const std::uint64_t levels = BigEndian(segment, 5, 1);
  if (levels > 32 || (precincts && segment.size() < 11 + levels)) return;
  std::uint64_t packets = 0;
  for (std::uint64_t level = 0; level <= levels; ++level) {
    const std::uint64_t exponents = precincts ? BigEndian(segment, 10 + level, 1) : 0xff;
    const std::uint64_t shift = levels - level;
    packets += ((tile_width_ >> shift >> (exponents & 0x0f)) + 2) * ((tile_height_ >> shift >> (exponents >> 4)) + 2);
  }
  packets_ = packets * layers;
}

absl::Status Walker::ReadMainHeader() {
  while (HasSegment(bytes_, at_)) {
    if (WordAt(bytes_, at_) == kStartOfTile)
      return tiles_.empty() ? TileDamage("it has no size segment") : absl::OkStatus();
    const absl::StatusOr<MarkerSegment> segment = ReadSegment(bytes_, at_);
    if (!segment.ok()) return TileDamage("its main header is damaged");
    if (segment->marker == kSize) {
      absl::Status size = ReadSize(segment->content);
      if (!size.ok()) return size;
    }
    if (segment->marker == kCodingStyle) ReadCodingStyle(segment->content);
    at_ = segment->end;
  }
  return TileDamage("it ends before its first tile");
}

absl::Status Walker::CountPart(std::uint64_t index, int part, int stated) {
  if (index >= tiles_.size()) return TileDamage(absl::StrCat("it has a tile ", index, " beyond the image"));
  Tile& tile = tiles_[index];
  if (part != tile.parts) return TileDamage(absl::StrCat("part ", tile.parts, " of tile ", index, " is missing"));
  ++tile.parts;
  if (stated != 0) tile.stated = stated;
  return absl::OkStatus();
}

/// Arithmetic codes look random: bytes that repeat beyond what empty packets explain were written over them.
absl::Status Walker::CheckData(absl::string_view part) {
  std::size_t at = kTileHeader;
  bool usual = packets_ != 0;
  while (HasSegment(part, at) && WordAt(part, at) != kStartOfData) {
    const absl::StatusOr<MarkerSegment> segment = ReadSegment(part, at);
    if (!segment.ok()) return TileDamage("the header of a tile is damaged");
    const int marker = segment->marker;
    usual = usual && marker != kCodingStyle && marker != kComponentStyle && marker != kProgression;
    at = segment->end;
  }
  if (part.size() - at < 2 || WordAt(part, at) != kStartOfData) return TileDamage("the header of a tile is cut short");
  if (!usual) return absl::OkStatus();
  constexpr std::uint64_t kLongestRun = 64;
  std::uint64_t run = 0;
  for (std::size_t i = at + 3; i < part.size(); ++i) {
    run = part[i] == part[i - 1] ? run + 1 : 0;
    if (run > kLongestRun + packets_) return TileDamage("a stretch of its data was overwritten or erased");
  }
  return absl::OkStatus();
}

absl::Status Walker::ReadTilePart() {
  if (bytes_.size() - at_ < kTileHeader) return TileDamage("the header of a tile is cut short");
  const std::uint64_t stated = BigEndian(bytes_, at_ + 6, 4);
  absl::Status counted = CountPart(BigEndian(bytes_, at_ + 4, 2), ByteAt(bytes_, at_ + 10), ByteAt(bytes_, at_ + 11));
  if (!counted.ok()) return counted;
  std::size_t size = static_cast<std::size_t>(stated);
  if (stated == 0) {  // the last tile-part may leave its size to the end of the codestream
    const std::size_t end = bytes_.rfind("\xff\xd9");
    if (end == absl::string_view::npos || end < at_ + kTileHeader)
      return TileDamage("it ends before its last tile does");
    size = end - at_;
  }
  if (size < kTileHeader + 2 || size > bytes_.size() - at_)
    return TileDamage(absl::StrCat("tile ", BigEndian(bytes_, at_ + 4, 2), " is cut short"));
  absl::Status sound = CheckData(bytes_.substr(at_, size));
  at_ += size;
  return sound;
}

absl::Status Walker::CheckAllThere() const {
  for (std::size_t i = 0; i < tiles_.size(); ++i) {
    if (tiles_[i].parts == 0) return TileDamage(absl::StrCat("tile ", i, " is missing"));
    if (tiles_[i].stated > tiles_[i].parts) return TileDamage(absl::StrCat("a part of tile ", i, " is missing"));
  }
  return absl::OkStatus();
}

absl::Status Walker::Walk() {
  absl::Status header = ReadMainHeader();
  if (!header.ok()) return header;
  while (bytes_.size() - at_ >= 2) {
    const int marker = WordAt(bytes_, at_);
    if (marker == kEndOfCodestream) break;
    // What is no tile-part behind a whole codestream that lacks its end is padding.
    if (marker != kStartOfTile && CheckAllThere().ok()) break;
    if (marker != kStartOfTile) return TileDamage(absl::StrFormat("%04X stands where a tile should begin", marker));
    absl::Status part = ReadTilePart();
    if (!part.ok()) return part;
  }
  return CheckAllThere();
}

}  // namespace

absl::Status CheckJpeg2000Tiles(absl::string_view codestream, int most_tiles) {
  if (codestream.size() < 4) return TileDamage("it ends before its first tile");
  return Walker(codestream, most_tiles).Walk();
}

}  // namespace cxr
