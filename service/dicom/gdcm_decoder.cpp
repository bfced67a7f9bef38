// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/gdcm_decoder.h"

#include <gdcmByteValue.h>
#include <gdcmDataElement.h>
#include <gdcmFragment.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmJPEGLSCodec.h>
#include <gdcmSequenceOfFragments.h>

#include <cstdint>
#include <memory>

namespace cxr {
namespace {

gdcm::DataElement Encapsulate(absl::string_view codestream) {
  const gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
  gdcm::Fragment fragment;
  fragment.SetByteValue(codestream.data(), gdcm::VL(static_cast<std::uint32_t>(codestream.size())));
  fragments->AddFragment(fragment);
  gdcm::DataElement element(gdcm::Tag(0x7fe0, 0x0010), gdcm::VL(gdcm::VL::GetVL32Max()), gdcm::VR::OB);
  element.SetValue(*fragments);
  return element;
}

std::unique_ptr<gdcm::ImageCodec> MakeCodec(GdcmCodec kind, std::size_t frame_bytes) {
  if (kind == GdcmCodec::kJpeg2000) return std::make_unique<gdcm::JPEG2000Codec>();
  auto codec = std::make_unique<gdcm::JPEGLSCodec>();
  codec->SetBufferLength(frame_bytes);
  return codec;
}

}  // namespace

absl::optional<std::string> DecodeWithGdcm(GdcmCodec kind, absl::string_view codestream,
                                           const CodestreamHeader& header) {
  const auto precision = static_cast<unsigned short>(header.precision);
  const unsigned short allocated = precision <= 8 ? 8 : 16;
  const std::size_t frame_bytes = static_cast<std::size_t>(header.rows) * header.columns * (allocated / 8);
  const unsigned int dimensions[3] = {static_cast<unsigned>(header.columns), static_cast<unsigned>(header.rows), 1};
  const std::unique_ptr<gdcm::ImageCodec> codec = MakeCodec(kind, frame_bytes);
  codec->SetDimensions(dimensions);
  codec->SetNumberOfDimensions(2);
  codec->SetPlanarConfiguration(0);
  codec->SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);  // GDCM would invert MONOCHROME1
  codec->SetPixelFormat(
      gdcm::PixelFormat(1, allocated, precision, static_cast<unsigned short>(precision - 1), header.is_signed ? 1 : 0));
  gdcm::DataElement out;
  if (!codec->Decode(Encapsulate(codestream), out)) return absl::nullopt;
  const gdcm::ByteValue* decoded = out.GetByteValue();
  if (decoded == nullptr || decoded->GetLength() < frame_bytes) return absl::nullopt;
  return std::string(decoded->GetPointer(), frame_bytes);
}

}  // namespace cxr
