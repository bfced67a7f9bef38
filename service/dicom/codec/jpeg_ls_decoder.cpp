// SPDX-License-Identifier: Apache-2.0
// The names of T.87 stand in the comments where the code speaks of the same thing.
#include "service/dicom/codec/jpeg_ls_decoder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "service/dicom/codec/bit_reader.h"

namespace cxr {
namespace {

using Sample = std::uint16_t;

// J: how many samples a bit of a run stands for, as a power of two.
constexpr std::array<int, 32> kRunLengths = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,  2,  3,  3,  3,  3,
                                             4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::size_t kMostPadding = 23;  // bits behind the last sample: some encoders flush a byte or two more
constexpr int kMaxShift = 24;             // of a Golomb code; undamaged streams stay below their precision

/// Counters of a context of regular samples (A, B, C, N).
struct Context {
  std::int64_t magnitude = 0;
  int bias = 0;
  int correction = 0;
  int count = 1;
};

/// Counters of a context of samples that interrupt a run (A, N, Nn).
struct RunContext {
  std::int64_t magnitude = 0;
  int count = 1;
  int negatives = 0;
};

int GolombShift(std::int64_t magnitude, int count) {
  int shift = 0;
  while (shift < kMaxShift && (std::int64_t{count} << shift) < magnitude) ++shift;
  return shift;
}

class Decoder {
 public:
  explicit Decoder(const JpegLsScan& scan)
      : scan_(scan),
        bits_(scan.coded),
        step_(2 * scan.near + 1),
        range_((scan.max_value + 2 * scan.near) / step_ + 1),
        error_bits_(std::bit_width(static_cast<unsigned>(range_ - 1))),
        regions_(2 * static_cast<std::size_t>(scan.max_value) + 1) {
    const int bits = std::max(2, static_cast<int>(std::bit_width(static_cast<unsigned>(scan.max_value))));
    limit_ = 2 * (bits + std::max(8, bits));
    const int magnitude = std::max(2, (range_ + 32) / 64);
    for (Context& context : contexts_) context.magnitude = magnitude;
    for (RunContext& context : run_contexts_) context.magnitude = magnitude;
    for (std::size_t i = 0; i < regions_.size(); ++i) regions_[i] = Region(static_cast<int>(i) - scan.max_value);
  }

  absl::optional<std::string> Decode();

 private:
  [[nodiscard]] std::int8_t Region(int gradient) const;
  [[nodiscard]] int Quantize(int gradient) const {
    return regions_[static_cast<std::size_t>(gradient + scan_.max_value)];
  }
  bool DecodeLine(const Sample* above, Sample* line);
  int DecodeRun(const Sample* above, Sample* line, int begin);
  Sample DecodeInterruption(int left, int above);
  Sample DecodeRegular(int index, int left, int above, int above_left);
  int ReadGolomb(int shift, int limit);
  static void Update(Context& context, int error, int step, int reset);
  [[nodiscard]] Sample Reconstruct(int prediction, int error) const;

  JpegLsScan scan_;
  StuffedBitReader bits_;
  int step_;                          // 2 * NEAR + 1
  int range_;                         // RANGE
  int error_bits_;                    // qbpp
  int limit_ = 0;                     // LIMIT
  std::vector<std::int8_t> regions_;  // of every gradient
  std::array<Context, 365> contexts_ = {};
  std::array<RunContext, 2> run_contexts_ = {};
  int run_index_ = 0;
  bool damaged_ = false;
};

/// A.3.3.
std::int8_t Decoder::Region(int gradient) const {
  const int size = std::abs(gradient);
  const int region = size <= scan_.near ? 0 : size < scan_.t1 ? 1 : size < scan_.t2 ? 2 : size < scan_.t3 ? 3 : 4;
  return static_cast<std::int8_t>(gradient < 0 ? -region : region);
}

/// A.5.3: a code longer than `limit` holds the value itself.
int Decoder::ReadGolomb(int shift, int limit) {
  const int longest = limit - error_bits_ - 1;
  const int zeros = bits_.ReadZeros();
  if (zeros > longest) damaged_ = true;
  const std::int64_t value =
      zeros < longest ? (std::int64_t{zeros} << shift) + bits_.Read(shift) : std::int64_t{bits_.Read(error_bits_)} + 1;
  if (value > 2 * std::int64_t{range_}) damaged_ = true;
  return damaged_ ? 0 : static_cast<int>(value);
}

/// A.4.5: errors are coded modulo the range.
Sample Decoder::Reconstruct(int prediction, int error) const {
  int value = prediction + error * step_;
  if (value < -scan_.near) {
    value += range_ * step_;
  } else if (value > scan_.max_value + scan_.near) {
    value -= range_ * step_;
  }
  return static_cast<Sample>(std::clamp(value, 0, scan_.max_value));
}

/// A.6.
void Decoder::Update(Context& context, int error, int step, int reset) {
  context.bias += error * step;
  context.magnitude += std::abs(error);
  if (context.count == reset) {
    context.magnitude >>= 1;
    context.bias >>= 1;
    context.count >>= 1;
  }
  ++context.count;
  if (context.bias <= -context.count) {
    context.bias = std::max(context.bias + context.count, 1 - context.count);
    if (context.correction > -128) --context.correction;
  } else if (context.bias > 0) {
    context.bias = std::min(context.bias - context.count, 0);
    if (context.correction < 127) ++context.correction;
  }
}

/// A.4 to A.6; `index` is that of the context, negative when the gradients are those of its mirror image.
Sample Decoder::DecodeRegular(int index, int left, int above, int above_left) {
  Context& context = contexts_[static_cast<std::size_t>(std::abs(index))];
  const int low = std::min(left, above);
  const int high = std::max(left, above);
  int prediction = above_left >= high ? low : above_left <= low ? high : left + above - above_left;
  prediction += index < 0 ? -context.correction : context.correction;
  prediction = std::clamp(prediction, 0, scan_.max_value);
  const int shift = GolombShift(context.magnitude, context.count);
  const int mapped = ReadGolomb(shift, limit_);
  int error = (mapped & 1) != 0 ? -(mapped / 2) - 1 : mapped / 2;
  if (scan_.near == 0 && shift == 0 && 2 * context.bias <= -context.count) error = -error - 1;
  Update(context, error, step_, scan_.reset);
  return Reconstruct(prediction, index < 0 ? -error : error);
}

/// A.7.2.
Sample Decoder::DecodeInterruption(int left, int above) {
  const bool flat = std::abs(left - above) <= scan_.near;  // RItype
  RunContext& context = run_contexts_[flat ? 1 : 0];
  const std::int64_t magnitude = context.magnitude + (flat ? context.count / 2 : 0);
  const int shift = GolombShift(magnitude, context.count);
  const int limit = limit_ - kRunLengths[static_cast<std::size_t>(run_index_)] - 1;
  const int mapped = ReadGolomb(shift, limit);
  const int doubled = mapped + (flat ? 1 : 0);
  const bool odd = (doubled & 1) != 0;
  int error = (doubled + 1) / 2;
  if (odd == (shift != 0 || 2 * context.negatives >= context.count)) error = -error;
  if (error < 0) ++context.negatives;
  context.magnitude += (mapped + (flat ? 0 : 1)) / 2;
  if (context.count == scan_.reset) {
    context.magnitude >>= 1;
    context.count >>= 1;
    context.negatives >>= 1;
  }
  ++context.count;
  if (flat) return Reconstruct(left, error);
  return Reconstruct(above, left > above ? -error : error);
}

/// A.7.1: repeats the sample on the left; returns where the run ends, the interrupting sample included.
int Decoder::DecodeRun(const Sample* above, Sample* line, int begin) {
  const Sample left = line[begin - 1];
  int at = begin;
  while (bits_.Read(1) != 0) {
    const int length = 1 << kRunLengths[static_cast<std::size_t>(run_index_)];
    const int count = std::min(length, scan_.columns - at);
    std::fill_n(line + at, count, left);
    at += count;
    if (count == length && run_index_ < 31) ++run_index_;
    if (at == scan_.columns) return at;
  }
  const auto rest = static_cast<int>(bits_.Read(kRunLengths[static_cast<std::size_t>(run_index_)]));
  if (rest >= scan_.columns - at) {
    damaged_ = true;
    return scan_.columns;
  }
  std::fill_n(line + at, rest, left);
  at += rest;
  line[at] = DecodeInterruption(left, above[at]);
  if (run_index_ > 0) --run_index_;
  return at + 1;
}

/// Both lines have a sample before the first and one behind the last.
bool Decoder::DecodeLine(const Sample* above, Sample* line) {
  int x = 0;
  while (x < scan_.columns && !damaged_) {
    const int left = line[x - 1];
    const int up = above[x];
    const int index =
        81 * Quantize(above[x + 1] - up) + 9 * Quantize(up - above[x - 1]) + Quantize(above[x - 1] - left);
    if (index == 0) {
      x = DecodeRun(above, line, x);
    } else {
      line[x] = DecodeRegular(index, left, up, above[x - 1]);
      ++x;
    }
  }
  return !damaged_ && !bits_.exhausted();
}

absl::optional<std::string> Decoder::Decode() {
  const auto columns = static_cast<std::size_t>(scan_.columns);
  const std::size_t word_bytes = scan_.precision <= 8 ? 1 : 2;
  std::vector<Sample> above(columns + 2, 0);
  std::vector<Sample> line(columns + 2, 0);
  std::string words;
  words.reserve(columns * static_cast<std::size_t>(scan_.rows) * word_bytes);
  for (int y = 0; y < scan_.rows; ++y) {
    line[0] = above[1];  // A.2.1: beyond the edges
    above[columns + 1] = above[columns];
    if (!DecodeLine(above.data() + 1, line.data() + 1)) return absl::nullopt;
    if (word_bytes == 2) {
      words.append(reinterpret_cast<const char*>(line.data() + 1), columns * 2);
    } else {
      words.append(line.begin() + 1, line.begin() + 1 + scan_.columns);
    }
    std::swap(above, line);
  }
  if (bits_.BitsLeft() > kMostPadding) return absl::nullopt;
  return words;
}

}  // namespace

absl::optional<std::string> DecodeJpegLs(const JpegLsScan& scan) {
  return Decoder(scan).Decode();
}

}  // namespace cxr
