// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dicom_fixture_codec.h"

#include <gdcmByteValue.h>
#include <gdcmDataElement.h>
#include <gdcmFragment.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmJPEGCodec.h>
#include <gdcmJPEGLSCodec.h>
#include <gdcmRLECodec.h>
#include <gdcmSequenceOfFragments.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace cxr::test {
namespace {

std::unique_ptr<gdcm::ImageCodec> MakeEncoder(Syntax syntax, std::size_t frame_bytes) {
  switch (syntax) {
    case Syntax::kRle: {
      auto codec = std::make_unique<gdcm::RLECodec>();
      codec->SetBufferLength(frame_bytes);
      codec->SetLength(frame_bytes);
      return codec;
    }
    case Syntax::kJpegBaseline:
    case Syntax::kJpegExtended: {
      auto codec = std::make_unique<gdcm::JPEGCodec>();
      codec->SetLossless(false);
      codec->SetQuality(100);
      return codec;
    }
    case Syntax::kJpegLossless: {
      auto codec = std::make_unique<gdcm::JPEGCodec>();
      codec->SetLossless(true);
      return codec;
    }
    case Syntax::kJpegLs: {
      auto codec = std::make_unique<gdcm::JPEGLSCodec>();
      codec->SetBufferLength(frame_bytes);
      codec->SetLossless(true);
      return codec;
    }
    case Syntax::kJpeg2000: {
      auto codec = std::make_unique<gdcm::JPEG2000Codec>();
      codec->SetReversible(true);
      return codec;
    }
    default:
      return nullptr;
  }
}

}  // namespace

std::string EncodeFrame(const DicomFixture& fixture, const std::string& frame) {
  const std::unique_ptr<gdcm::ImageCodec> codec = MakeEncoder(fixture.syntax, frame.size());
  const unsigned int dimensions[3] = {static_cast<unsigned>(fixture.columns), static_cast<unsigned>(fixture.rows), 1};
  const int high_bit = fixture.high_bit.value_or(fixture.bits_stored - 1);
  gdcm::DataElement in(gdcm::Tag(0x7fe0, 0x0010));
  gdcm::DataElement out(gdcm::Tag(0x7fe0, 0x0010));
  in.SetByteValue(frame.data(), gdcm::VL(static_cast<std::uint32_t>(frame.size())));
  bool coded = false;
  if (codec != nullptr) {
    codec->SetDimensions(dimensions);
    codec->SetNumberOfDimensions(2);
    codec->SetPlanarConfiguration(0);
    codec->SetPhotometricInterpretation(fixture.samples == 3 ? gdcm::PhotometricInterpretation::RGB
                                                             : gdcm::PhotometricInterpretation::MONOCHROME2);
    codec->SetPixelFormat(gdcm::PixelFormat(static_cast<unsigned short>(fixture.samples),
                                            static_cast<unsigned short>(fixture.bits_allocated),
                                            static_cast<unsigned short>(fixture.bits_stored),
                                            static_cast<unsigned short>(high_bit), fixture.is_signed ? 1 : 0));
    coded = codec->Code(in, out);
  }
  const gdcm::SequenceOfFragments* fragments = coded ? out.GetSequenceOfFragments() : nullptr;
  if (fragments == nullptr || fragments->GetNumberOfFragments() != 1) {
    std::fprintf(stderr, "the fixture's frame could not be compressed\n");
    std::abort();
  }
  const gdcm::ByteValue* bytes = fragments->GetFragment(0).GetByteValue();
  return std::string(bytes->GetPointer(), bytes->GetLength());
}

}  // namespace cxr::test
