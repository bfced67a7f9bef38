// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/codec/frame_decoder.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <dcmtk/dcmjpeg/djdecode.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/dicom/codec/codestream_header.h"
#include "service/dicom/codec/gdcm_decoder.h"
#include "service/dicom/codec/jpeg_ls_decoder.h"
#include "service/dicom/codec/jpeg_ls_scan.h"
#include "service/dicom/codec/run_length.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/read/transfer_syntax.h"

namespace cxr {
namespace {

bool IsCompressed(PixelCoding coding) {
  return coding != PixelCoding::kUncompressed && coding != PixelCoding::kElsewhere;
}

absl::Status Undecodable(absl::string_view message) {
  return Failure(FailureReason::kUndecodablePixelData, message);
}

/// The layout of the decompressed words: the codestream decides how they are stored, the header which of their bits
/// count. Codestreams of more bits than the stored ones hold the words as they were, those of fewer the stored bits
/// alone.
PixelLayout LayoutOf(const CodestreamHeader& header, const PixelLayout& layout) {
  PixelLayout decoded = layout;
  decoded.bits_allocated = header.precision <= 8 ? 8 : 16;
  decoded.bits_stored = std::min(layout.bits_stored, decoded.bits_allocated);
  decoded.high_bit = layout.high_bit < header.precision ? layout.high_bit : decoded.bits_stored - 1;
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

/// A data set with nothing in it but the frame and how it is stored: the codec sees nothing else of the source.
std::unique_ptr<DcmDataset> Encapsulate(absl::string_view frame, E_TransferSyntax syntax, const PixelLayout& layout,
                                        int precision) {
  auto dataset = std::make_unique<DcmDataset>();
  PutUnsignedShort(*dataset, DCM_SamplesPerPixel, 1);
  PutText(*dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
  PutUnsignedShort(*dataset, DCM_Rows, layout.rows);
  PutUnsignedShort(*dataset, DCM_Columns, layout.columns);
  PutUnsignedShort(*dataset, DCM_BitsAllocated, layout.bits_allocated);
  PutUnsignedShort(*dataset, DCM_BitsStored, precision);
  PutUnsignedShort(*dataset, DCM_HighBit, precision - 1);
  PutUnsignedShort(*dataset, DCM_PixelRepresentation, layout.is_signed ? 1 : 0);
  auto fragment = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
  auto sequence = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
  auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
  (void)fragment->putUint8Array(reinterpret_cast<const Uint8*>(frame.data()), static_cast<unsigned long>(frame.size()));
  (void)sequence->insert(new DcmPixelItem(DCM_PixelItemTag));  // the offset table, empty; insert takes ownership
  (void)sequence->insert(fragment.release());
  pixels->putOriginalRepresentation(syntax, nullptr, sequence.release());
  (void)dataset->insert(pixels.release());
  return dataset;
}

/// Runs DCMTK's decoder of a transfer syntax on a frame of even length; `layout` describes the decompressed words.
absl::StatusOr<DecodedFrame> RunDcmtk(const std::string& frame, absl::string_view uid, const PixelLayout& layout,
                                      int precision) {
  const E_TransferSyntax syntax = DcmXfer(std::string(uid).c_str()).getXfer();
  const std::unique_ptr<DcmDataset> dataset = Encapsulate(frame, syntax, layout, precision);
  if (dataset->chooseRepresentation(EXS_LittleEndianExplicit, nullptr).bad()) {
    return Undecodable("The compressed frame is damaged.");
  }
  const std::size_t expected = static_cast<std::size_t>(layout.pixels_per_frame()) * (layout.bits_allocated / 8);
  const void* words = nullptr;
  unsigned long count = 0;
  OFCondition found;
  if (layout.bits_allocated == 8) {
    const Uint8* bytes = nullptr;
    found = dataset->findAndGetUint8Array(DCM_PixelData, bytes, &count);
    words = bytes;
  } else {
    const Uint16* shorts = nullptr;
    found = dataset->findAndGetUint16Array(DCM_PixelData, shorts, &count);
    words = shorts;
    count *= 2;
  }
  if (found.bad() || words == nullptr || count < expected) return Undecodable("The compressed frame is incomplete.");
  return DecodedFrame{std::string(static_cast<const char*>(words), expected), layout};
}

template <typename Word>
void ClampWords(std::string& words, int low, int high) {
  for (std::size_t at = 0; at + sizeof(Word) <= words.size(); at += sizeof(Word)) {
    Word word{};
    std::memcpy(&word, words.data() + at, sizeof(Word));
    word = static_cast<Word>(std::clamp(static_cast<int>(word), low, high));
    std::memcpy(words.data() + at, &word, sizeof(Word));
  }
}

/// A lossy code of more bits than the stored ones overshoots them beside an edge; dropping the bit on top would turn
/// white into black.
void ClampToStoredBits(DecodedFrame& frame, const CodestreamHeader& header) {
  const PixelLayout& layout = frame.layout;
  if (header.precision <= layout.bits_stored || layout.high_bit != layout.bits_stored - 1) return;
  if (header.is_signed != layout.is_signed) return;
  const int count = 1 << layout.bits_stored;
  const bool bytes = layout.bits_allocated == 8;
  if (layout.is_signed) {
    (bytes ? ClampWords<std::int8_t> : ClampWords<std::int16_t>)(frame.bytes, -count / 2, count / 2 - 1);
  } else {
    (bytes ? ClampWords<std::uint8_t> : ClampWords<std::uint16_t>)(frame.bytes, 0, count - 1);
  }
}

absl::optional<std::string> DecodeJpegLsFrame(absl::string_view codestream) {
  const absl::optional<JpegLsScan> scan = ReadJpegLsScan(codestream);
  return scan.has_value() ? DecodeJpegLs(*scan) : absl::nullopt;
}

absl::StatusOr<DecodedFrame> DecodeRle(absl::string_view frame, const PixelLayout& layout) {
  absl::optional<std::string> words = DecodeRunLengths(frame, static_cast<std::size_t>(layout.pixels_per_frame()),
                                                       static_cast<std::size_t>(layout.bits_allocated / 8));
  if (!words.has_value()) return Undecodable("The RLE compressed frame is damaged.");
  return DecodedFrame{*std::move(words), layout};
}

absl::StatusOr<DecodedFrame> RunCodec(const TransferSyntax& syntax, absl::string_view codestream,
                                      const CodestreamHeader& header, const PixelLayout& decoded) {
  if (syntax.coding == PixelCoding::kJpeg)
    return RunDcmtk(std::string(codestream), syntax.uid, decoded, header.precision);
  absl::optional<std::string> words =
      syntax.coding == PixelCoding::kJpegLs ? DecodeJpegLsFrame(codestream) : DecodeJpeg2000(codestream, header);
  if (!words.has_value()) return Undecodable("The compressed frame is damaged.");
  return DecodedFrame{*std::move(words), decoded};
}

absl::StatusOr<DecodedFrame> Decode(const TransferSyntax& syntax, absl::string_view frame, const PixelLayout& layout) {
  if (syntax.coding == PixelCoding::kRle) return DecodeRle(frame, layout);
  const bool jpeg_2000 = syntax.coding == PixelCoding::kJpeg2000;
  const absl::string_view codestream = jpeg_2000 ? StripJp2Boxes(frame) : frame;
  const absl::optional<CodestreamHeader> header =
      jpeg_2000 ? ReadJpeg2000Header(codestream) : ReadJpegHeader(codestream);
  absl::Status usable = CheckHeader(header, layout);
  if (!usable.ok()) return usable;
  absl::StatusOr<DecodedFrame> decoded = RunCodec(syntax, codestream, *header, LayoutOf(*header, layout));
  if (decoded.ok() && !syntax.lossy_method.empty()) ClampToStoredBits(*decoded, *header);
  return decoded;
}

}  // namespace

void RegisterDecoders() {
  DJDecoderRegistration::registerCodecs();
}

absl::StatusOr<DecodedFrame> DecodeFrame(const std::vector<absl::string_view>& fragments,
                                         absl::string_view transfer_syntax_uid, const PixelLayout& layout) {
  const TransferSyntax* syntax = FindTransferSyntax(transfer_syntax_uid);
  if (syntax == nullptr || !IsCompressed(syntax->coding)) return UnsupportedTransferSyntax(transfer_syntax_uid);
  std::string frame;
  for (absl::string_view fragment : fragments) absl::StrAppend(&frame, fragment);
  if (frame.size() % 2 != 0) frame.push_back('\0');
  try {
    return Decode(*syntax, frame, layout);
  } catch (const std::exception&) {  // what a codec says adds nothing for the caller
    return Undecodable("The compressed frame is damaged.");
  }
}

}  // namespace cxr
