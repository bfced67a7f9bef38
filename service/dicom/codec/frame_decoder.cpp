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
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/dicom/codec/codestream_header.h"
#include "service/dicom/codec/jpeg2000_decoder.h"
#include "service/dicom/codec/jpeg2000_tiles.h"
#include "service/dicom/codec/jpeg_dct_check.h"
#include "service/dicom/codec/jpeg_lossless_decoder.h"
#include "service/dicom/codec/jpeg_ls_decoder.h"
#include "service/dicom/codec/jpeg_ls_scan.h"
#include "service/dicom/codec/jpeg_scan.h"
#include "service/dicom/codec/run_length.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/read/toolkit.h"
#include "service/dicom/read/transfer_syntax.h"

namespace cxr {
namespace {

/// How a frame is coded. What the frame itself says counts: archives that compress or expand images sometimes leave the
/// transfer syntax as it was. RLE alone has no signature. kUncompressed when it is none of these.
PixelCoding CodingOf(absl::string_view frame, PixelCoding named) {
  constexpr std::size_t kSignature = 12;
  if (frame.size() >= kSignature) {
    if (frame.substr(0, 2) == "\xff\xd8") return IsJpegLs(frame) ? PixelCoding::kJpegLs : PixelCoding::kJpeg;
    if (frame.substr(0, 4) == "\xff\x4f\xff\x51" || frame.substr(4, 4) == "jP  ") return PixelCoding::kJpeg2000;
  }
  return named == PixelCoding::kRle ? PixelCoding::kRle : PixelCoding::kUncompressed;
}

absl::Status Undecodable(absl::string_view message) {
  return Failure(FailureReason::kUndecodablePixelData, message);
}

/// `cause` is a clause of a codec.
absl::Status Damaged(absl::string_view codec, const absl::Status& cause) {
  return Undecodable(absl::StrCat("The ", codec, " frame is not decoded, for ",
                                  absl::string_view(cause.message().data(), cause.message().size()), "."));
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
absl::StatusOr<DecodedFrame> RunDcmtk(absl::string_view frame, E_TransferSyntax syntax, const PixelLayout& layout,
                                      int precision) {
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

/// What decoding one frame needs.
struct Job {
  absl::string_view codestream;
  bool named_lossy = false;  ///< by the transfer syntax
  CodestreamHeader header;
  PixelLayout decoded;  ///< of the words that come out
  const ReadLimits& limits;
};

absl::StatusOr<DecodedFrame> DecodeRle(absl::string_view frame, const PixelLayout& layout) {
  absl::optional<std::string> words = DecodeRunLengths(frame, static_cast<std::size_t>(layout.pixels_per_frame()),
                                                       static_cast<std::size_t>(layout.bits_allocated / 8));
  if (!words.has_value()) return Undecodable("The RLE compressed frame is damaged.");
  return DecodedFrame{*std::move(words), layout};
}

absl::StatusOr<DecodedFrame> DecodeJpeg(const Job& job) {
  const absl::StatusOr<JpegScan> scan = ReadJpegScan(job.codestream);
  if (!scan.ok()) return Damaged("JPEG", scan.status());
  if (scan->process == JpegProcess::kLossless) {
    absl::StatusOr<std::string> words = DecodeJpegLossless(*scan);
    if (!words.ok()) return Damaged("JPEG", words.status());
    return DecodedFrame{*std::move(words), job.decoded};
  }
  absl::Status sound = CheckJpegDct(*scan);
  if (!sound.ok()) return Damaged("JPEG", sound);
  const bool baseline = scan->process == JpegProcess::kBaseline && scan->precision == 8;
  absl::StatusOr<DecodedFrame> frame =
      RunDcmtk(job.codestream, baseline ? EXS_JPEGProcess1 : EXS_JPEGProcess2_4, job.decoded, scan->precision);
  if (frame.ok()) ClampToStoredBits(*frame, job.header);
  return frame;
}

absl::StatusOr<DecodedFrame> DecodeJpegLsFrame(const Job& job) {
  const absl::optional<JpegLsScan> scan = ReadJpegLsScan(job.codestream);
  if (!scan.has_value())
    return Undecodable("The JPEG-LS frame is not decoded, for its headers are damaged or unusual.");
  absl::optional<std::string> words = DecodeJpegLs(*scan);
  if (!words.has_value()) {
    return Undecodable(
        "The JPEG-LS frame is not decoded, for its coded data are damaged, end before the last pixel or go on behind "
        "it.");
  }
  DecodedFrame frame{*std::move(words), job.decoded};
  if (job.named_lossy) ClampToStoredBits(frame, job.header);
  return frame;
}

absl::StatusOr<DecodedFrame> DecodeJpeg2000Frame(const Job& job) {
  absl::Status sound = CheckJpeg2000Tiles(job.codestream, job.limits.max_tiles);
  if (!sound.ok()) return Damaged("JPEG 2000", sound);
  absl::StatusOr<std::string> words =
      DecodeJpeg2000(job.codestream, job.header, !job.named_lossy && job.header.reversible, job.limits.max_decode_time);
  if (!words.ok()) return Damaged("JPEG 2000", words.status());
  DecodedFrame frame{*std::move(words), job.decoded};
  if (job.named_lossy) ClampToStoredBits(frame, job.header);
  return frame;
}

/// Whole codestreams end with their last marker; some lack it, and others have padding behind it.
void EndWithMarker(std::string& frame) {
  constexpr absl::string_view kEnd = "\xff\xd9";
  const std::size_t end = frame.rfind(kEnd.data(), std::string::npos, kEnd.size());
  if (end != std::string::npos) {
    frame.resize(end + kEnd.size());
  } else {
    absl::StrAppend(&frame, kEnd);
  }
}

absl::StatusOr<DecodedFrame> Decode(const TransferSyntax& syntax, std::string frame, const PixelLayout& layout,
                                    const ReadLimits& limits) {
  const PixelCoding coding = CodingOf(frame, syntax.coding);
  if (coding == PixelCoding::kUncompressed)
    return Undecodable("The compressed frame begins like none of JPEG, JPEG-LS and JPEG 2000; it is damaged.");
  if (coding == PixelCoding::kRle) return DecodeRle(frame, layout);
  const bool jpeg_2000 = coding == PixelCoding::kJpeg2000;
  if (jpeg_2000) EndWithMarker(frame);
  if (frame.size() % 2 != 0) frame.push_back('\0');  // as DCMTK wants a fragment
  const absl::string_view codestream = jpeg_2000 ? StripJp2Boxes(frame) : frame;
  const absl::optional<CodestreamHeader> header =
      jpeg_2000 ? ReadJpeg2000Header(codestream) : ReadJpegHeader(codestream);
  absl::Status usable = CheckHeader(header, layout);
  if (!usable.ok()) return usable;
  if (layout.pixels_per_frame() > limits.max_compressed_pixels) {
    return Failure(FailureReason::kInvalidImageSize,
                   absl::StrCat("The compressed frame has ", layout.pixels_per_frame(), " pixels; accepted are ",
                                limits.max_compressed_pixels, "."));
  }
  const Job job{codestream, !syntax.lossy_method.empty(), *header, LayoutOf(*header, layout), limits};
  if (coding == PixelCoding::kJpeg) return DecodeJpeg(job);
  return coding == PixelCoding::kJpegLs ? DecodeJpegLsFrame(job) : DecodeJpeg2000Frame(job);
}

}  // namespace

void RegisterDecoders() {
  DJDecoderRegistration::registerCodecs();
}

absl::StatusOr<DecodedFrame> DecodeFrame(const std::vector<absl::string_view>& fragments,
                                         absl::string_view transfer_syntax_uid, const PixelLayout& layout,
                                         const ReadLimits& limits) {
  if (!MayHoldNativeFrames(transfer_syntax_uid)) return UnsupportedTransferSyntax(transfer_syntax_uid);
  std::string frame;
  for (absl::string_view fragment : fragments) absl::StrAppend(&frame, fragment);
  return Guarded([&] { return Decode(*FindTransferSyntax(transfer_syntax_uid), std::move(frame), layout, limits); },
                 // What a codec says adds nothing for the caller.
                 [](absl::string_view) { return Undecodable("The compressed frame is damaged."); });
}

}  // namespace cxr
