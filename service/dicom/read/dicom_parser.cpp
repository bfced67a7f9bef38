// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/dicom_parser.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcistrmz.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcxfer.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/read/bounded_stream.h"
#include "service/dicom/read/transfer_syntax.h"

namespace cxr {
namespace {

constexpr std::size_t kPreambleBytes = 128;
constexpr std::uint32_t kUndefinedLength = 0xffffffff;

unsigned Byte(absl::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

struct Opening {
  bool dicom = false;
  bool meta_header = false;
  std::size_t data_begin = 0;  ///< of the data set, when there is no meta header
};

/// Recognises PS3.10 files, files that lack the preamble, and bare data sets, which begin with group 0008 in practice.
Opening Recognise(absl::string_view bytes) {
  const bool preamble = bytes.size() > kPreambleBytes + 8 && bytes.substr(kPreambleBytes, 4) == "DICM";
  const std::size_t at = preamble ? kPreambleBytes + 4 : 0;
  if (bytes.size() < at + 8) return {};
  const unsigned little = Byte(bytes, at) | Byte(bytes, at + 1) << 8;
  const unsigned big = Byte(bytes, at) << 8 | Byte(bytes, at + 1);
  if (little == 0x0002) return {true, true, 0};
  const bool element_low = Byte(bytes, at + 3) == 0 || Byte(bytes, at + 2) == 0;
  if ((little == 0x0008 || big == 0x0008) && element_low) return {true, false, at};
  return {};
}

absl::Status ParseFailure(const OFCondition& condition, bool limit_reached, absl::string_view part) {
  if (limit_reached) {
    return Failure(FailureReason::kInvalidImageSize,
                   absl::StrCat("The ", part, " nests deeper or holds more attributes than is accepted."));
  }
  if (condition == EC_EndOfStream || condition == EC_StreamNotifyClient || condition == EC_InvalidStream) {
    return Failure(
        FailureReason::kTruncated,
        absl::StrCat("The ", part, " ends in the middle of an attribute; the file is cut short or damaged."));
  }
  return Failure(FailureReason::kNotDicom, absl::StrCat("The ", part, " cannot be parsed: ", condition.text(), "."));
}

/// Parses the meta header into `instance` and returns where the data set begins.
absl::StatusOr<std::size_t> ParseMetaHeader(absl::string_view bytes, const ReadLimits& limits,
                                            ParsedInstance& instance) {
  BoundedInputStream stream(bytes, limits);
  DcmMetaInfo meta;
  meta.transferInit();
  const OFCondition condition = meta.read(stream, EXS_Unknown);
  meta.transferEnd();
  if (condition.bad() || stream.limit_reached()) return ParseFailure(condition, stream.limit_reached(), "meta header");
  instance.transfer_syntax_uid = UidText(meta, DCM_TransferSyntaxUID);
  instance.media_storage_sop_class = UidText(meta, DCM_MediaStorageSOPClassUID);
  return static_cast<std::size_t>(stream.tell());
}

/// Inflates a deflated data set (PS3.5, A.5), up to the limit: a megabyte can hold a gigabyte.
absl::StatusOr<std::string> Inflate(absl::string_view deflated, const ReadLimits& limits) {
  DcmBufferProducer producer;
  producer.setBuffer(deflated.data(), static_cast<offile_off_t>(deflated.size()));
  producer.setEos();
  DcmZLibInputFilter filter;
  filter.append(producer);
  std::string inflated;
  std::vector<char> block(std::size_t{1} << 18);
  while (filter.good() && !filter.eos()) {
    const offile_off_t count = filter.read(block.data(), static_cast<offile_off_t>(block.size()));
    if (count <= 0) break;
    if (inflated.size() + static_cast<std::size_t>(count) > limits.max_inflated_bytes) {
      return Failure(
          FailureReason::kInvalidImageSize,
          absl::StrCat("The deflated data set is larger than the accepted ", limits.max_inflated_bytes, " bytes."));
    }
    inflated.append(block.data(), static_cast<std::size_t>(count));
  }
  if (!filter.good() || !filter.eos())
    return Failure(FailureReason::kTruncated, "The deflated data set is cut short or damaged.");
  return inflated;
}

/// The parser stops right behind the header of Pixel Data; that header, just before `end`, says what follows.
bool ReadPixelHeader(absl::string_view bytes, std::size_t end, bool explicit_vr, bool big_endian,
                     PixelElement& pixels) {
  const absl::string_view tag(big_endian ? "\x7f\xe0\x00\x10" : "\xe0\x7f\x10\x00", 4);
  const std::size_t header = explicit_vr ? 12 : 8;
  if (end < header || bytes.substr(end - header, 4) != tag) return false;
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = length << 8 | Byte(bytes, big_endian ? end - 4 + i : end - 1 - i);
  pixels.value = bytes.substr(end);
  pixels.length = length;
  pixels.undefined_length = length == kUndefinedLength;
  pixels.word_vr = !explicit_vr || bytes.substr(end - header + 4, 2) != "OB";
  return true;
}

absl::Status ParseDataSet(absl::string_view bytes, E_TransferSyntax syntax, const ReadLimits& limits,
                          ParsedInstance& instance, std::size_t& end) {
  BoundedInputStream stream(bytes, limits);
  instance.dataset = std::make_unique<DcmDataset>();
  instance.dataset->transferInit();
  const OFCondition condition =
      instance.dataset->readUntilTag(stream, syntax, EGL_noChange, DCM_MaxReadLength, DCM_PixelData);
  instance.dataset->transferEnd();
  if (condition.bad() || stream.limit_reached()) return ParseFailure(condition, stream.limit_reached(), "data set");
  const DcmXfer parsed(instance.dataset->getOriginalXfer());
  instance.big_endian = parsed.isBigEndian();
  end = static_cast<std::size_t>(stream.tell());
  return absl::OkStatus();
}

/// Parses up to Pixel Data, where there is any.
absl::StatusOr<ParsedInstance> Parse(absl::string_view bytes, const ReadLimits& limits, bool& has_pixels) {
  const Opening opening = Recognise(bytes);
  if (!opening.dicom) {
    return Failure(FailureReason::kNotDicom,
                   "The bytes are not DICOM: expected a PS3.10 file, or a data set that begins with group 0008.");
  }
  ParsedInstance instance;
  std::size_t begin = opening.data_begin;
  if (opening.meta_header) {
    absl::StatusOr<std::size_t> data_begin = ParseMetaHeader(bytes, limits, instance);
    if (!data_begin.ok()) return data_begin.status();
    begin = std::min(*data_begin, bytes.size());
  }
  const TransferSyntax* known = FindTransferSyntax(instance.transfer_syntax_uid);
  if (known != nullptr && known->coding == PixelCoding::kElsewhere)
    return UnsupportedTransferSyntax(instance.transfer_syntax_uid);
  absl::string_view data = bytes.substr(begin);
  // DCMTK finds out by itself what a bare data set is; an empty UID would mean implicit VR to it.
  const std::string& uid = instance.transfer_syntax_uid;
  E_TransferSyntax syntax = uid.empty() ? EXS_Unknown : DcmXfer(uid.c_str()).getXfer();
  if (syntax == EXS_DeflatedLittleEndianExplicit) {
    absl::StatusOr<std::string> inflated = Inflate(data, limits);
    if (!inflated.ok()) return inflated.status();
    instance.inflated = std::make_unique<const std::string>(*std::move(inflated));
    data = *instance.inflated;
    syntax = EXS_LittleEndianExplicit;
  } else if (syntax == EXS_Unknown && !uid.empty()) {
    // Every transfer syntax since 1993 but the deflated one stores the data set this way; decoding says if it cannot be
    // read.
    syntax = EXS_LittleEndianExplicit;
  }
  std::size_t end = 0;
  absl::Status parsed = ParseDataSet(data, syntax, limits, instance, end);
  if (!parsed.ok()) return parsed;
  const bool explicit_vr = DcmXfer(instance.dataset->getOriginalXfer()).isExplicitVR();
  has_pixels = ReadPixelHeader(data, end, explicit_vr, instance.big_endian, instance.pixels);
  return instance;
}

}  // namespace

absl::StatusOr<ParsedInstance> ParseInstance(absl::string_view bytes, const ReadLimits& limits) {
  bool has_pixels = false;
  absl::StatusOr<ParsedInstance> instance = Parse(bytes, limits, has_pixels);
  if (instance.ok() && !has_pixels)
    return Failure(FailureReason::kNoPixelData, "There is no Pixel Data (7FE0,0010); expected an image.");
  return instance;
}

absl::StatusOr<std::unique_ptr<DcmDataset>> ParseDocument(absl::string_view bytes, const ReadLimits& limits) {
  bool has_pixels = false;
  absl::StatusOr<ParsedInstance> instance = Parse(bytes, limits, has_pixels);
  if (!instance.ok()) return instance.status();
  return std::move(instance->dataset);
}

}  // namespace cxr
