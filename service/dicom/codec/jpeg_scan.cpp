// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/jpeg_scan.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/dicom/codec/marker_segment.h"

namespace cxr {
namespace {

constexpr int kEndOfImage = 0xffd9;
constexpr int kQuantization = 0xffdb;
constexpr int kHuffman = 0xffc4;
constexpr int kArithmetic = 0xffcc;
constexpr int kFirstRestart = 0xffd0;

absl::Status Unsound(absl::string_view clause) {
  return absl::InvalidArgumentError(clause);
}

bool IsRestart(int marker) {
  return marker >= kFirstRestart && marker < kFirstRestart + 8;
}

/// Reads the segments of a codestream into a scan.
class ScanParser {
 public:
  explicit ScanParser(absl::string_view bytes) : bytes_(bytes) {}

  absl::StatusOr<JpegScan> Parse();

 private:
  absl::Status TakeSegment(int marker, absl::string_view segment);
  absl::Status ReadFrame(int marker, absl::string_view segment);
  absl::Status ReadHuffman(absl::string_view segment);
  absl::Status ReadQuantization(absl::string_view segment);
  absl::Status ReadScan(absl::string_view segment);
  absl::Status SplitIntervals();
  [[nodiscard]] std::size_t FindMarker(std::size_t at) const;

  absl::string_view bytes_;
  std::size_t at_ = 0;
  JpegScan scan_;
  int quantization_ = 0;  // the table of the component
  std::array<int, 4> first_quanta_ = {1, 1, 1, 1};
  std::array<HuffmanTable, 4> first_;    // DC or lossless tables
  std::array<HuffmanTable, 4> further_;  // AC tables
};

absl::Status ScanParser::ReadFrame(int marker, absl::string_view segment) {
  if (scan_.precision != 0) return Unsound("it has more than one frame header");
  if (segment.size() < 9 || ByteAt(segment, 5) != 1) return Unsound("its frame header is not that of one component");
  switch (marker) {
    case 0xffc0:
      scan_.process = JpegProcess::kBaseline;
      break;
    case 0xffc1:
      scan_.process = JpegProcess::kExtended;
      break;
    case 0xffc3:
      scan_.process = JpegProcess::kLossless;
      break;
    default:
      return Unsound(
          absl::StrFormat("it is progressive, hierarchical or arithmetically coded (frame header %04X); "
                          "expected baseline, extended or lossless",
                          marker));
  }
  scan_.precision = ByteAt(segment, 0);
  scan_.rows = WordAt(segment, 1);
  scan_.columns = WordAt(segment, 3);
  quantization_ = ByteAt(segment, 8) & 3;
  const bool dct = scan_.process != JpegProcess::kLossless;
  if (dct ? scan_.precision != 8 && scan_.precision != 12 : scan_.precision < 2 || scan_.precision > 16)
    return Unsound(absl::StrCat("its samples have ", scan_.precision, " bits, which its process does not allow"));
  return absl::OkStatus();
}

absl::Status ScanParser::ReadHuffman(absl::string_view segment) {
  constexpr std::size_t kHeader = 17;
  while (!segment.empty()) {
    if (segment.size() < kHeader) return Unsound("a Huffman table is cut short");
    const absl::string_view lengths = segment.substr(1, 16);
    std::size_t count = 0;
    for (std::size_t i = 0; i < 16; ++i) count += static_cast<std::size_t>(ByteAt(lengths, i));
    const int id = ByteAt(segment, 0);
    if (segment.size() < kHeader + count || (id & 0x0f) > 3 || (id >> 4) > 1)
      return Unsound("a Huffman table is damaged");
    std::array<HuffmanTable, 4>& tables = (id >> 4) == 0 ? first_ : further_;
    if (!tables[static_cast<std::size_t>(id & 3)].Fill(lengths, segment.substr(kHeader, count)))
      return Unsound("a Huffman table is damaged");
    segment.remove_prefix(kHeader + count);
  }
  return absl::OkStatus();
}

absl::Status ScanParser::ReadQuantization(absl::string_view segment) {
  while (!segment.empty()) {
    const bool words = (ByteAt(segment, 0) >> 4) != 0;
    const std::size_t size = words ? 129 : 65;
    if (segment.size() < size) return Unsound("a quantization table is cut short");
    const int first = words ? WordAt(segment, 1) : ByteAt(segment, 1);
    if (first == 0) return Unsound("a quantization table is damaged");
    first_quanta_[static_cast<std::size_t>(ByteAt(segment, 0) & 3)] = first;
    segment.remove_prefix(size);
  }
  return absl::OkStatus();
}

absl::Status ScanParser::ReadScan(absl::string_view segment) {
  if (scan_.precision == 0) return Unsound("its scan begins before a frame header");
  if (segment.size() < 6 || ByteAt(segment, 0) != 1) return Unsound("its scan is not of one component");
  const int tables = ByteAt(segment, 2);
  const int begin = ByteAt(segment, 3);
  const int end = ByteAt(segment, 4);
  const int approximation = ByteAt(segment, 5);
  scan_.first_table = first_[static_cast<std::size_t>(tables >> 4 & 3)];
  scan_.further_table = further_[static_cast<std::size_t>(tables & 3)];
  scan_.first_quantum = first_quanta_[static_cast<std::size_t>(quantization_)];
  if (scan_.process == JpegProcess::kLossless) {
    scan_.predictor = begin;
    scan_.point_transform = approximation & 0x0f;
    if (begin < 1 || begin > 7 || approximation >= scan_.precision) return Unsound("its scan header is damaged");
    if (scan_.first_table.empty()) return Unsound("it lacks a Huffman table");
    return absl::OkStatus();
  }
  if (begin != 0 || end != 63 || approximation != 0) return Unsound("its scan header is damaged");
  if (scan_.first_table.empty() || scan_.further_table.empty()) return Unsound("it lacks a Huffman table");
  return absl::OkStatus();
}

absl::Status ScanParser::TakeSegment(int marker, absl::string_view segment) {
  if (marker == kHuffman) return ReadHuffman(segment);
  if (marker == kQuantization) return ReadQuantization(segment);
  if (marker == JpegSegments::kScan) return ReadScan(segment);
  if (marker == JpegSegments::kRestartInterval) {
    if (segment.size() < 2) return Unsound("its restart interval is cut short");
    scan_.restart_interval = WordAt(segment, 0);
    return absl::OkStatus();
  }
  if (marker >= 0xffc0 && marker <= 0xffcf && marker != kArithmetic) return ReadFrame(marker, segment);
  if (marker >= 0xffe0 || marker == kArithmetic) return absl::OkStatus();  // application data and comments
  return Unsound(absl::StrFormat("an unexpected marker %04X stands before its scan", marker));
}

/// The next 0xFF at or behind `at` that is neither stuffed nor a fill byte, or the end.
std::size_t ScanParser::FindMarker(std::size_t at) const {
  while (at + 1 < bytes_.size()) {
    const void* found = std::memchr(bytes_.data() + at, 0xff, bytes_.size() - at - 1);
    if (found == nullptr) break;
    at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes_.data());
    const int next = ByteAt(bytes_, at + 1);
    if (next == 0) {
      at += 2;
    } else if (next == 0xff) {
      ++at;
    } else {
      return at;
    }
  }
  return bytes_.size();
}

/// Without a last marker, the zero that makes the length of a fragment even lies behind the codes.
void DropPadding(absl::string_view& interval) {
  const std::size_t size = interval.size();
  if (size >= 2 && ByteAt(interval, size - 1) == 0 && ByteAt(interval, size - 2) != 0xff) interval.remove_suffix(1);
}

/// A codestream may lack its last marker: what lacks bits is found out when they are read.
absl::Status ScanParser::SplitIntervals() {
  int restarts = 0;
  for (;;) {
    const std::size_t end = FindMarker(at_);
    absl::string_view interval = bytes_.substr(at_, end - at_);
    while (!interval.empty() && ByteAt(interval, interval.size() - 1) == 0xff) interval.remove_suffix(1);
    if (end == bytes_.size()) DropPadding(interval);
    scan_.intervals.push_back(interval);
    if (end == bytes_.size()) return absl::OkStatus();
    const int marker = WordAt(bytes_, end);
    at_ = end + 2;
    if (marker == kEndOfImage) return absl::OkStatus();
    if (!IsRestart(marker))
      return Unsound(absl::StrFormat("a marker %04X stands where its one scan should go on or end", marker));
    if (marker != kFirstRestart + restarts % 8)
      return Unsound("its restart markers are not in order: a part is missing");
    ++restarts;
  }
}

absl::StatusOr<JpegScan> ScanParser::Parse() {
  JpegSegments segments(bytes_);
  absl::StatusOr<MarkerSegment> segment;
  do {
    segment = segments.Next();
    if (!segment.ok()) return segment.status();
    absl::Status read = TakeSegment(segment->marker, segment->content);
    if (!read.ok()) return read;
  } while (segment->marker != JpegSegments::kScan);
  at_ = segment->end;
  absl::Status split = SplitIntervals();
  if (!split.ok()) return split;
  return std::move(scan_);
}

}  // namespace

bool HuffmanTable::Fill(absl::string_view lengths, absl::string_view symbols) {
  entries_.assign(std::size_t{1} << 16, 0);
  std::size_t code = 0;  // the next one, as the top of 16 bits
  std::size_t used = 0;
  for (int length = 1; length <= 16; ++length) {
    const std::size_t span = std::size_t{1} << (16 - length);
    for (int i = 0; i < ByteAt(lengths, static_cast<std::size_t>(length) - 1); ++i) {
      if (code + span > entries_.size() || used == symbols.size()) return false;
      const auto entry = static_cast<std::uint16_t>(length << 8 | ByteAt(symbols, used++));
      std::fill_n(entries_.begin() + static_cast<std::ptrdiff_t>(code), span, entry);
      code += span;
    }
  }
  return used > 0;
}

absl::StatusOr<JpegScan> ReadJpegScan(absl::string_view codestream) {
  return ScanParser(codestream).Parse();
}

absl::Status CheckIntervals(const JpegScan& scan, std::int64_t units) {
  const std::int64_t interval = scan.restart_interval;
  const std::int64_t expected = interval == 0 ? 1 : (units + interval - 1) / interval;
  if (static_cast<std::int64_t>(scan.intervals.size()) == expected) return absl::OkStatus();
  return Unsound(
      absl::StrCat("it has ", scan.intervals.size(), " restart interval(s) where ", expected, " were expected"));
}

absl::Status CheckEnd(HuffmanReader& reader) {
  if (reader.damaged()) return Unsound("its coded data are damaged or end before the last pixel");
  const std::size_t left = reader.BitsLeft();
  if (left < 8) return absl::OkStatus();
  return Unsound(absl::StrCat("coded data of ", left / 8, " byte(s) are left after the last pixel"));
}

}  // namespace cxr
