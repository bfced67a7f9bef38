// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dicom_fixture_codec.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcrleenc.h>
#include <gdcmByteValue.h>
#include <gdcmDataElement.h>
#include <gdcmFragment.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmJPEGCodec.h>
#include <gdcmJPEGLSCodec.h>
#include <gdcmSequenceOfFragments.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace cxr::test {
namespace {

std::unique_ptr<gdcm::ImageCodec> MakeEncoder(Syntax syntax, std::size_t frame_bytes) {
  switch (syntax) {
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

/// PS3.5, annex G, with DCMTK's run lengths: one segment per byte of a word, most significant first.
std::string EncodeRle(const std::string& frame, std::size_t word_bytes) {
  std::string header(64, '\0');
  std::string segments;
  header[0] = static_cast<char>(word_bytes);
  for (std::size_t s = 0; s < word_bytes; ++s) {
    const std::size_t begin = header.size() + segments.size();
    for (std::size_t i = 0; i < 4; ++i) header[4 + 4 * s + i] = static_cast<char>(begin >> (8 * i));
    DcmRLEEncoder encoder(OFTrue);
    for (std::size_t i = word_bytes - 1 - s; i < frame.size(); i += word_bytes) {
      encoder.add(static_cast<unsigned char>(frame[i]));
    }
    encoder.flush();
    std::string segment(encoder.size(), '\0');
    encoder.write(segment.data());
    segments += segment;
  }
  return header + segments;
}

}  // namespace

std::string EncodeFrame(const DicomFixture& fixture, const std::string& frame) {
  if (fixture.syntax == Syntax::kRle) return EncodeRle(frame, static_cast<std::size_t>(fixture.bits_allocated) / 8);
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
