// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/gdcm_decoder.h"

#include <gdcmJPEG2000Codec.h>

#include <sstream>

#include "absl/strings/str_cat.h"

namespace cxr {
namespace {

/// The codestream as the items of encapsulated Pixel Data (PS3.5, A.4): an empty offset table, one fragment, the
/// delimiter.
std::string Encapsulate(absl::string_view codestream) {
  constexpr absl::string_view kItem("\xfe\xff\x00\xe0", 4);
  constexpr absl::string_view kZero("\x00\x00\x00\x00", 4);
  constexpr absl::string_view kDelimiter("\xfe\xff\xdd\xe0", 4);
  std::string length;
  for (int shift = 0; shift < 32; shift += 8) length.push_back(static_cast<char>(codestream.size() >> shift));
  return absl::StrCat(kItem, kZero, kItem, length, codestream, kDelimiter, kZero);
}

/// Reaches the entry of the codec that its region reader uses. It writes into our buffer and not past it.
class ExtentDecoder : public gdcm::JPEG2000Codec {
 public:
  bool DecodeInto(std::string& out, absl::string_view codestream, unsigned rows, unsigned columns) {
    std::istringstream stream(Encapsulate(codestream));
    return this->DecodeExtent(out.data(), 0, columns - 1, 0, rows - 1, 0, 0, stream);
  }
};

}  // namespace

absl::optional<std::string> DecodeJpeg2000(absl::string_view codestream, const CodestreamHeader& header) {
  const auto precision = static_cast<unsigned short>(header.precision);
  const unsigned short allocated = precision <= 8 ? 8 : 16;
  const unsigned int dimensions[3] = {static_cast<unsigned>(header.columns), static_cast<unsigned>(header.rows), 1};
  ExtentDecoder codec;
  codec.SetDimensions(dimensions);
  codec.SetNumberOfDimensions(2);
  codec.SetPlanarConfiguration(0);
  codec.SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);  // GDCM would invert MONOCHROME1
  codec.SetPixelFormat(
      gdcm::PixelFormat(1, allocated, precision, static_cast<unsigned short>(precision - 1), header.is_signed ? 1 : 0));
  std::string words(static_cast<std::size_t>(header.rows) * header.columns * (allocated / 8), '\0');
  if (!codec.DecodeInto(words, codestream, dimensions[1], dimensions[0])) return absl::nullopt;
  return words;
}

}  // namespace cxr
