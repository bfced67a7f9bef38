// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/jpeg_lossless_decoder.h"

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace cxr {
namespace {

using LosslessSample = std::uint16_t;

/// Table H.1: left, above, above left.
int Predict(int predictor, int left, int above, int above_left) {
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return above_left;
    case 4:
      return left + above - above_left;
    case 5:
      return left + ((above - above_left) >> 1);
    case 6:
      return above + ((left - above_left) >> 1);
    default:
      return (left + above) >> 1;
  }
}

class LosslessDecoder {
 public:
  explicit LosslessDecoder(const JpegScan& scan) : scan_(scan) {}

  absl::StatusOr<std::string> Decode();

 private:
  absl::Status DecodeInterval(absl::string_view interval, int first_row, int end_row);
  bool DecodeRow(HuffmanReader& reader, bool first);
  [[nodiscard]] bool IsSample(LosslessSample value) const;
  void Append();

  const JpegScan& scan_;
  std::vector<LosslessSample> above_;
  std::vector<LosslessSample> row_;
  std::string words_;
};

/// H.1.2.2: differences are taken modulo 65,536; a size of 16 stands for 32,768 and has no further bits.
int ReadDifference(HuffmanReader& reader, const HuffmanTable& table) {
  const int size = reader.ReadSymbol(table);
  return size < 16 ? reader.ReadExtended(size) : 32768;
}

/// Some encoders let the sign of a negative value run through all 16 bits.
bool LosslessDecoder::IsSample(LosslessSample value) const {
  const int bits = scan_.precision - scan_.point_transform;
  return value < 1 << bits || value >= (1 << 16) - (1 << (bits - 1));
}

bool LosslessDecoder::DecodeRow(HuffmanReader& reader, bool first) {
  const int start = 1 << (scan_.precision - scan_.point_transform - 1);
  const int begin = first ? start : above_[0];
  row_[0] = static_cast<LosslessSample>(begin + ReadDifference(reader, scan_.first_table));
  bool sound = IsSample(row_[0]);
  const int predictor = first ? 1 : scan_.predictor;
  for (std::size_t x = 1; x < row_.size(); ++x) {
    const int prediction = Predict(predictor, row_[x - 1], above_[x], above_[x - 1]);
    row_[x] = static_cast<LosslessSample>(prediction + ReadDifference(reader, scan_.first_table));
    sound = sound && IsSample(row_[x]);
  }
  return sound && !reader.damaged();
}

void LosslessDecoder::Append() {
  for (LosslessSample sample : row_) {
    const auto value = static_cast<LosslessSample>(sample << scan_.point_transform);
    words_.push_back(static_cast<char>(value & 0xff));
    if (scan_.precision > 8) words_.push_back(static_cast<char>(value >> 8));
  }
}

absl::Status LosslessDecoder::DecodeInterval(absl::string_view interval, int first_row, int end_row) {
  HuffmanReader reader(interval);
  for (int y = first_row; y < end_row; ++y) {
    if (!DecodeRow(reader, y == first_row))
      return absl::InvalidArgumentError("its coded data are damaged or end before the last pixel");
    Append();
    std::swap(above_, row_);
  }
  return CheckEnd(reader);
}

absl::StatusOr<std::string> LosslessDecoder::Decode() {
  absl::Status intervals = CheckIntervals(scan_, std::int64_t{scan_.rows} * scan_.columns);
  if (!intervals.ok()) return intervals;
  if (scan_.restart_interval % scan_.columns != 0)  // H.1.1
    return absl::InvalidArgumentError("its restart interval is not a number of whole rows");
  constexpr std::size_t kBitsOfByte = 8;  // a sample takes one or more, so small frames ask for little memory
  std::size_t coded = 0;
  for (absl::string_view interval : scan_.intervals) coded += interval.size();
  if (coded * kBitsOfByte < static_cast<std::size_t>(scan_.rows) * static_cast<std::size_t>(scan_.columns))
    return absl::InvalidArgumentError("its coded data end before the last pixel");
  const int rows_of_interval = scan_.restart_interval == 0 ? scan_.rows : scan_.restart_interval / scan_.columns;
  const auto columns = static_cast<std::size_t>(scan_.columns);
  above_.assign(columns, 0);
  row_.assign(columns, 0);
  words_.reserve(columns * static_cast<std::size_t>(scan_.rows) * (scan_.precision > 8 ? 2 : 1));
  int row = 0;
  for (absl::string_view interval : scan_.intervals) {
    const int end = std::min(scan_.rows, row + rows_of_interval);
    absl::Status decoded = DecodeInterval(interval, row, end);
    if (!decoded.ok()) return decoded;
    row = end;
  }
  return std::move(words_);
}

}  // namespace

absl::StatusOr<std::string> DecodeJpegLossless(const JpegScan& scan) {
  return LosslessDecoder(scan).Decode();
}

}  // namespace cxr
