// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/jpeg2000_decoder.h"

#include <openjpeg.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace cxr {
namespace {

constexpr std::size_t kChunk = 4096;  // so often the clock is looked at
constexpr auto kFailed = static_cast<OPJ_SIZE_T>(-1);

std::chrono::nanoseconds ProcessorTime() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// What OpenJPEG reads from, and what it says.
struct Source {
  absl::string_view bytes;
  std::size_t at = 0;
  std::chrono::nanoseconds end{};
  bool late = false;
  std::string complaint;  ///< the first warning or error
};

OPJ_SIZE_T ReadBytes(void* buffer, OPJ_SIZE_T size, void* data) {
  auto& source = *static_cast<Source*>(data);
  source.late = source.late || ProcessorTime() > source.end;
  const std::size_t count = std::min<std::size_t>(size, source.bytes.size() - source.at);
  if (source.late || count == 0) return kFailed;
  std::memcpy(buffer, source.bytes.data() + source.at, count);
  source.at += count;
  return count;
}

OPJ_OFF_T SkipBytes(OPJ_OFF_T size, void* data) {
  auto& source = *static_cast<Source*>(data);
  if (size < 0 || static_cast<std::uint64_t>(size) > source.bytes.size() - source.at) return -1;
  source.at += static_cast<std::size_t>(size);
  return size;
}

OPJ_BOOL SeekBytes(OPJ_OFF_T at, void* data) {
  auto& source = *static_cast<Source*>(data);
  if (at < 0 || static_cast<std::uint64_t>(at) > source.bytes.size()) return OPJ_FALSE;
  source.at = static_cast<std::size_t>(at);
  return OPJ_TRUE;
}

/// A repair is announced by a warning, so a warning is an error.
void Complain(const char* message, void* data) {
  auto& source = *static_cast<Source*>(data);
  if (source.complaint.empty()) source.complaint = absl::StrCat(absl::StripAsciiWhitespace(message));
}

void Ignore(const char*, void*) {}

struct CodecDeleter {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct StreamDeleter {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct ImageDeleter {
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};
using CodecPointer = std::unique_ptr<opj_codec_t, CodecDeleter>;
using StreamPointer = std::unique_ptr<opj_stream_t, StreamDeleter>;
using ImagePointer = std::unique_ptr<opj_image_t, ImageDeleter>;

StreamPointer OpenStream(Source& source) {
  StreamPointer stream(opj_stream_create(kChunk, OPJ_TRUE));
  if (stream == nullptr) return stream;
  opj_stream_set_read_function(stream.get(), ReadBytes);
  opj_stream_set_skip_function(stream.get(), SkipBytes);
  opj_stream_set_seek_function(stream.get(), SeekBytes);
  opj_stream_set_user_data(stream.get(), &source, nullptr);
  opj_stream_set_user_data_length(stream.get(), source.bytes.size());
  return stream;
}

CodecPointer OpenCodec(Source& source) {
  CodecPointer codec(opj_create_decompress(OPJ_CODEC_J2K));
  if (codec == nullptr) return codec;
  opj_set_error_handler(codec.get(), Complain, &source);
  opj_set_warning_handler(codec.get(), Complain, &source);
  opj_set_info_handler(codec.get(), Ignore, nullptr);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  const bool ready = opj_setup_decoder(codec.get(), &parameters) != OPJ_FALSE &&
                     opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE) != OPJ_FALSE;
  return ready ? std::move(codec) : nullptr;
}

ImagePointer Run(Source& source) {
  const StreamPointer stream = OpenStream(source);
  const CodecPointer codec = OpenCodec(source);
  if (stream == nullptr || codec == nullptr) return nullptr;
  opj_image_t* opened = nullptr;
  const bool header = opj_read_header(stream.get(), codec.get(), &opened) != OPJ_FALSE;
  ImagePointer image(opened);
  if (!header || opj_decode(codec.get(), stream.get(), image.get()) == OPJ_FALSE) return nullptr;
  if (opj_end_decompress(codec.get(), stream.get()) == OPJ_FALSE) return nullptr;
  return image;
}

constexpr int kHeadroom = 2;                // bits
constexpr std::size_t kPrecisionByte = 42;  // of the size segment (ITU-T T.800, A.5.1)

/// OpenJPEG keeps samples within the precision that the codestream states. A wider one lets those through that only
/// damaged codes give: they lie far outside.
std::string WithHeadroom(absl::string_view codestream) {
  std::string widened(codestream);
  widened[kPrecisionByte] = static_cast<char>(widened[kPrecisionByte] + kHeadroom);
  return widened;
}

/// The samples as words; nothing when one is beyond the precision and `lossless`.
absl::optional<std::string> Words(const opj_image_comp_t& component, const CodestreamHeader& header, bool widened) {
  const std::size_t count = std::size_t{component.w} * component.h;
  const int precision = header.precision;
  const std::int32_t low = header.is_signed ? -(1 << (precision - 1)) : 0;
  const std::int32_t high = low + (1 << precision) - 1;
  // Unsigned samples are shifted to the middle of the range that the codestream states.
  const std::int32_t shift =
      widened && !header.is_signed ? (1 << (precision + kHeadroom - 1)) - (1 << (precision - 1)) : 0;
  std::string words;
  words.resize(count * (precision > 8 ? 2 : 1));
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t sample = component.data[i] - shift;
    if (sample < low || sample > high) return absl::nullopt;
    const auto value = static_cast<std::uint32_t>(sample);
    if (precision > 8) {
      words[2 * i] = static_cast<char>(value);
      words[2 * i + 1] = static_cast<char>(value >> 8);
    } else {
      words[i] = static_cast<char>(value);
    }
  }
  return words;
}

}  // namespace

absl::StatusOr<std::string> DecodeJpeg2000(absl::string_view codestream, const CodestreamHeader& header, bool lossless,
                                           std::chrono::milliseconds most_time) {
  const std::string widened = lossless ? WithHeadroom(codestream) : std::string();
  Source source{lossless ? absl::string_view(widened) : codestream, 0, ProcessorTime() + most_time, false, {}};
  const ImagePointer image = Run(source);
  if (source.late)
    return absl::InvalidArgumentError(absl::StrCat("decoding it takes more than ", most_time.count(), " ms"));
  if (!source.complaint.empty())
    return absl::InvalidArgumentError(absl::StrCat("its decoder says: ", source.complaint));
  const bool whole = image != nullptr && image->numcomps == 1 && image->comps[0].data != nullptr &&
                     image->comps[0].w == static_cast<OPJ_UINT32>(header.columns) &&
                     image->comps[0].h == static_cast<OPJ_UINT32>(header.rows);
  if (!whole) return absl::InvalidArgumentError("it cannot be decoded as a whole");
  absl::optional<std::string> words = Words(image->comps[0], header, lossless);
  if (!words.has_value())
    return absl::InvalidArgumentError("its coded data give pixels beyond its range, as damage does");
  return *std::move(words);
}

}  // namespace cxr
