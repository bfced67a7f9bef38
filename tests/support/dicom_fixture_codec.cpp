// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dicom_fixture_codec.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrleenc.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrploss.h>
#include <gdcmByteValue.h>
#include <gdcmDataElement.h>
#include <gdcmFragment.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmJPEGCodec.h>
#include <gdcmJPEGLSCodec.h>
#include <gdcmSequenceOfFragments.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace cxr::test {
namespace {

std::unique_ptr<gdcm::ImageCodec> MakeEncoder(Syntax syntax, std::size_t frame_bytes) {
  switch (syntax) {
    case Syntax::kJpegBaseline: {
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

/// 12-bit lossy JPEG with DCMTK: GDCM writes a precision of 16, which the process does not allow. DCMTK stretches what
/// it encodes to the whole range, so the frame should span it.
std::string EncodeExtended(const DicomFixture& fixture, const std::string& frame) {
  DcmDataset dataset;
  dataset.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(fixture.rows));
  dataset.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(fixture.columns));
  dataset.putAndInsertUint16(DCM_SamplesPerPixel, 1);
  dataset.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
  dataset.putAndInsertUint16(DCM_BitsAllocated, 16);
  dataset.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(fixture.bits_stored));
  dataset.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(fixture.bits_stored - 1));
  dataset.putAndInsertUint16(DCM_PixelRepresentation, 0);
  std::vector<Uint16> words(frame.size() / 2);
  std::memcpy(words.data(), frame.data(), frame.size());
  dataset.putAndInsertUint16Array(DCM_PixelData, words.data(), static_cast<unsigned long>(words.size()));
  DJEncoderRegistration::registerCodecs(ECC_lossyYCbCr, EUC_never, OFFalse, 0, 0, 0, OFTrue, ESS_444, OFFalse, OFFalse);
  const DJ_RPLossy quality(100);
  DcmElement* element = nullptr;
  DcmPixelSequence* sequence = nullptr;
  DcmPixelItem* item = nullptr;
  Uint8* bytes = nullptr;
  const bool coded = dataset.chooseRepresentation(EXS_JPEGProcess2_4, &quality).good() &&
                     dataset.findAndGetElement(DCM_PixelData, element).good() &&
                     static_cast<DcmPixelData*>(element)
                         ->getEncapsulatedRepresentation(EXS_JPEGProcess2_4, &quality, sequence)
                         .good() &&
                     sequence->getItem(item, 1).good() && item->getUint8Array(bytes).good();
  return coded ? std::string(reinterpret_cast<const char*>(bytes), item->getLength()) : std::string();
}

}  // namespace

std::string EncodeFrame(const DicomFixture& fixture, const std::string& frame) {
  if (fixture.syntax == Syntax::kRle) return EncodeRle(frame, static_cast<std::size_t>(fixture.bits_allocated) / 8);
  if (fixture.syntax == Syntax::kJpegExtended) return EncodeExtended(fixture, frame);
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
