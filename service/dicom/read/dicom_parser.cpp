// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/dicom_parser.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcistrmz.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcvr.h>
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
#include "service/dicom/read/unknown_vr.h"

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

std::uint32_t Little(absl::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | Byte(bytes, at + i);
  return value;
}

/// The name of a VR at that place, or nothing.
absl::optional<DcmVR> VrAt(absl::string_view bytes, std::size_t at) {
  if (bytes.size() < at + 2) return absl::nullopt;
  const std::string name(bytes.substr(at, 2));
  const DcmVR vr(name.c_str());
  if (!vr.isStandard() || name != vr.getVRName()) return absl::nullopt;
  return vr;
}

std::string TrimmedUid(absl::string_view value) {
  while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.remove_suffix(1);
  return IsUid(value) ? std::string(value) : std::string();
}

/// Reads the meta header from element to element, for its own statement of its length is often wrong. Nothing when it
/// is not as it should be or nothing follows it.
absl::optional<std::size_t> WalkMetaHeader(absl::string_view bytes, std::size_t at, ParsedInstance& instance) {
  constexpr std::size_t kShort = 8;
  constexpr std::size_t kLong = 12;
  const std::size_t begin = at;
  while (bytes.size() - at >= kLong && Little(bytes, at, 2) == 0x0002) {
    const absl::optional<DcmVR> vr = VrAt(bytes, at + 4);
    if (!vr.has_value()) return absl::nullopt;
    const bool extended = vr->usesExtendedLengthEncoding();
    const std::size_t header = extended ? kLong : kShort;
    const std::size_t length = extended ? Little(bytes, at + 8, 4) : Little(bytes, at + 6, 2);
    if (length > bytes.size() - at - header) return absl::nullopt;
    const absl::string_view value = bytes.substr(at + header, length);
    const std::uint32_t element = Little(bytes, at + 2, 2);
    if (element == DCM_TransferSyntaxUID.getElement()) instance.transfer_syntax_uid = TrimmedUid(value);
    if (element == DCM_MediaStorageSOPClassUID.getElement()) instance.media_storage_sop_class = TrimmedUid(value);
    at += header + length;
  }
  if (at == begin || bytes.size() - at < kLong) return absl::nullopt;
  return at;
}

/// Parses the meta header into `instance` and returns where the data set begins.
absl::StatusOr<std::size_t> ParseMetaHeader(absl::string_view bytes, const ReadLimits& limits,
                                            ParsedInstance& instance) {
  const bool preamble = bytes.size() > kPreambleBytes + 8 && bytes.substr(kPreambleBytes, 4) == "DICM";
  const absl::optional<std::size_t> end = WalkMetaHeader(bytes, preamble ? kPreambleBytes + 4 : 0, instance);
  if (end.has_value()) return *end;
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

/// How the data set is written, as its first attribute shows: some meta headers say explicit for implicit VR and the
/// reverse, or are wrong about the order of bytes.
E_TransferSyntax WrittenSyntax(absl::string_view data, E_TransferSyntax stated) {
  constexpr std::size_t kAttribute = 8;
  if (data.size() < kAttribute || stated == EXS_Unknown) return stated;
  const DcmXfer said(stated);
  const bool big_endian = data[0] == 0 && data[1] != 0;
  const bool explicit_vr = VrAt(data, 4).has_value();
  if (said.isExplicitVR() == explicit_vr && said.isBigEndian() == big_endian) return stated;
  if (big_endian) return explicit_vr ? EXS_BigEndianExplicit : stated;
  return explicit_vr ? EXS_LittleEndianExplicit : EXS_LittleEndianImplicit;
}

/// Numbers of the display that are written with a comma.
void NoteCommas(DcmDataset& dataset, std::vector<std::string>& oddities) {
  for (const DcmTagKey& tag : {DCM_RescaleIntercept, DCM_RescaleSlope, DCM_WindowCenter, DCM_WindowWidth}) {
    OFString text;
    if (dataset.findAndGetOFStringArray(tag, text).bad() || text.find(',') == OFString_npos) continue;
    oddities.push_back(absl::StrCat("a comma is taken for the decimal point of ", DcmTag(tag).getTagName(), " ",
                                    tag.toString().c_str()));
  }
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
  const E_TransferSyntax written = WrittenSyntax(data, syntax);
  if (written != syntax) instance.oddities.emplace_back("the data set is not written as the meta header says");
  absl::Status parsed = ParseDataSet(data, written, limits, instance, end);
  if (!parsed.ok()) return parsed;
  if (!instance.big_endian && ReadUnknownByDictionary(*instance.dataset, limits))
    instance.oddities.emplace_back("known attributes of VR UN are read by the dictionary");
  NoteCommas(*instance.dataset, instance.oddities);
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
