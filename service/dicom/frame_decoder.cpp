// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/frame_decoder.h"

#include <gdcmByteValue.h>
#include <gdcmDataElement.h>
#include <gdcmFragment.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmJPEGCodec.h>
#include <gdcmJPEGLSCodec.h>
#include <gdcmSequenceOfFragments.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/core/failure.h"
#include "service/dicom/codestream_header.h"
#include "service/dicom/run_length.h"

namespace cxr {
namespace {

enum class Codec { kUnknown, kRle, kJpeg, kJpegLs, kJpeg2000 };

Codec CodecOf(absl::string_view uid) {
  constexpr absl::string_view kPrefix = "1.2.840.10008.1.2.";
  if (uid.substr(0, kPrefix.size()) != kPrefix) return Codec::kUnknown;
  uid.remove_prefix(kPrefix.size());
  if (uid == "5") return Codec::kRle;
  if (uid == "4.50" || uid == "4.51" || uid == "4.57" || uid == "4.70") return Codec::kJpeg;
  if (uid == "4.80" || uid == "4.81") return Codec::kJpegLs;
  if (uid == "4.90" || uid == "4.91") return Codec::kJpeg2000;
  return Codec::kUnknown;
}

absl::Status Undecodable(absl::string_view message) {
  return Failure(FailureReason::kUndecodablePixelData, message);
}

std::unique_ptr<gdcm::ImageCodec> MakeCodec(Codec codec, std::size_t frame_bytes) {
  if (codec == Codec::kJpeg) return std::make_unique<gdcm::JPEGCodec>();
  if (codec == Codec::kJpeg2000) return std::make_unique<gdcm::JPEG2000Codec>();
  auto jpeg_ls = std::make_unique<gdcm::JPEGLSCodec>();
  jpeg_ls->SetBufferLength(frame_bytes);
  return jpeg_ls;
}

/// The layout of the decompressed words: the codestream decides how they are stored, the header which of their bits
/// count.
PixelLayout LayoutOf(const CodestreamHeader& header, const PixelLayout& layout) {
  PixelLayout decoded = layout;
  decoded.bits_allocated = header.precision <= 8 ? 8 : 16;
  decoded.bits_stored = std::min(layout.bits_stored, decoded.bits_allocated);
  decoded.high_bit = decoded.bits_stored - 1;
  return decoded;
}

absl::Status CheckHeader(const absl::optional<CodestreamHeader>& header, const PixelLayout& layout) {
  if (!header.has_value()) return Undecodable("The compressed frame has no readable header.");
  if (header->rows != layout.rows || header->columns != layout.columns || header->components != 1 ||
      header->subsampled || header->precision < 2 || header->precision > 16) {
    return Undecodable(absl::StrCat("The compressed frame is ", header->columns, " x ", header->rows, " with ",
                                    header->components, " component(s) of ", header->precision, " bits; expected ",
                                    layout.columns, " x ", layout.rows, " and one component of up to 16 bits."));
  }
  return absl::OkStatus();
}

absl::StatusOr<DecodedFrame> RunCodec(Codec kind, absl::string_view codestream, const CodestreamHeader& header,
                                      const PixelLayout& layout) {
  DecodedFrame frame{{}, LayoutOf(header, layout)};
  const auto bytes_per_word = static_cast<std::size_t>(frame.layout.bits_allocated / 8);
  const std::size_t frame_bytes = static_cast<std::size_t>(layout.pixels_per_frame()) * bytes_per_word;
  const std::unique_ptr<gdcm::ImageCodec> codec = MakeCodec(kind, frame_bytes);
  const unsigned int dimensions[3] = {static_cast<unsigned>(layout.columns), static_cast<unsigned>(layout.rows), 1};
  codec->SetDimensions(dimensions);
  codec->SetNumberOfDimensions(2);
  codec->SetPlanarConfiguration(0);
  codec->SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);  // GDCM would invert MONOCHROME1
  codec->SetPixelFormat(gdcm::PixelFormat(1, static_cast<unsigned short>(frame.layout.bits_allocated),
                                          static_cast<unsigned short>(header.precision),
                                          static_cast<unsigned short>(header.precision - 1), header.is_signed ? 1 : 0));
  const gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
  gdcm::Fragment fragment;
  fragment.SetByteValue(codestream.data(), gdcm::VL(static_cast<std::uint32_t>(codestream.size())));
  fragments->AddFragment(fragment);
  gdcm::DataElement in(gdcm::Tag(0x7fe0, 0x0010), gdcm::VL(gdcm::VL::GetVL32Max()), gdcm::VR::OB);
  in.SetValue(*fragments);
  gdcm::DataElement out;
  if (!codec->Decode(in, out)) return Undecodable("The compressed frame is damaged.");
  const gdcm::ByteValue* decoded = out.GetByteValue();
  if (decoded == nullptr || decoded->GetLength() < frame_bytes)
    return Undecodable("The compressed frame is incomplete.");
  frame.bytes.assign(decoded->GetPointer(), frame_bytes);
  return frame;
}

}  // namespace

absl::StatusOr<DecodedFrame> DecodeFrame(const std::vector<absl::string_view>& fragments,
                                         absl::string_view transfer_syntax_uid, const PixelLayout& layout) {
  const Codec codec = CodecOf(transfer_syntax_uid);
  if (codec == Codec::kUnknown) {
    return Failure(FailureReason::kUnsupportedTransferSyntax,
                   absl::StrCat("Transfer syntax ", transfer_syntax_uid,
                                " is not supported; expected uncompressed, RLE, JPEG, JPEG-LS or JPEG 2000."));
  }
  std::string bytes;
  for (absl::string_view fragment : fragments) absl::StrAppend(&bytes, fragment);
  if (codec == Codec::kRle) {
    absl::optional<std::string> words = DecodeRunLengths(bytes, static_cast<std::size_t>(layout.pixels_per_frame()),
                                                         static_cast<std::size_t>(layout.bits_allocated / 8));
    if (!words.has_value()) return Undecodable("The RLE compressed frame is damaged.");
    return DecodedFrame{*std::move(words), layout};
  }
  const absl::string_view codestream = codec == Codec::kJpeg2000 ? StripJp2Boxes(bytes) : absl::string_view(bytes);
  const absl::optional<CodestreamHeader> header =
      codec == Codec::kJpeg2000 ? ReadJpeg2000Header(codestream) : ReadJpegHeader(codestream);
  absl::Status usable = CheckHeader(header, layout);
  if (!usable.ok()) return usable;
  try {
    return RunCodec(codec, codestream, *header, layout);
  } catch (const std::exception&) {  // charls throws; what it says adds nothing for the caller
    return Undecodable("The compressed frame is damaged.");
  }
}

}  // namespace cxr
