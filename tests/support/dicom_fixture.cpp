// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dicom_fixture.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dcpath.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcvrobow.h>
#include <dcmtk/dcmdata/dcvrus.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "tests/support/dicom_fixture_codec.h"

namespace cxr::test {
namespace {

void Must(const OFCondition& condition, const char* what) {
  if (condition.good()) return;
  std::fprintf(stderr, "the fixture could not be built: %s: %s\n", what, condition.text());
  std::abort();
}

E_TransferSyntax ToDcmtk(Syntax syntax) {
  switch (syntax) {
    case Syntax::kImplicitLittle:
      return EXS_LittleEndianImplicit;
    case Syntax::kExplicitLittle:
      return EXS_LittleEndianExplicit;
    case Syntax::kExplicitBig:
      return EXS_BigEndianExplicit;
    case Syntax::kDeflated:
      return EXS_DeflatedLittleEndianExplicit;
    case Syntax::kRle:
      return EXS_RLELossless;
    case Syntax::kJpegBaseline:
      return EXS_JPEGProcess1;
    case Syntax::kJpegExtended:
      return EXS_JPEGProcess2_4;
    case Syntax::kJpegLossless:
      return EXS_JPEGProcess14SV1;
    case Syntax::kJpegLs:
      return EXS_JPEGLSLossless;
    case Syntax::kJpeg2000:
      return EXS_JPEG2000LosslessOnly;
  }
  return EXS_Unknown;
}

bool IsEncapsulated(Syntax syntax) {
  return DcmXfer(ToDcmtk(syntax)).isEncapsulated();
}

DcmTag TagOf(const std::string& name) {
  DcmTag tag;
  unsigned group = 0;
  unsigned element = 0;
  if (std::sscanf(name.c_str(), "%x,%x", &group, &element) == 2) {
    const DcmTagKey key(static_cast<Uint16>(group), static_cast<Uint16>(element));
    return key.isPrivate() ? DcmTag(key, EVR_LO) : DcmTag(key);
  }
  Must(DcmTag::findTagFromName(name.c_str(), tag), name.c_str());
  return tag;
}

void PutString(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  Must(item.putAndInsertString(tag, value.c_str()), value.c_str());
}

void PutCode(DcmItem& dataset, const DcmTagKey& sequence, const CodedValue& code) {
  DcmItem* item = nullptr;
  Must(dataset.findOrCreateSequenceItem(sequence, item, -2), "code");
  PutString(*item, DCM_CodeValue, code.value);
  PutString(*item, DCM_CodingSchemeDesignator, code.scheme);
  PutString(*item, DCM_CodeMeaning, code.meaning);
}

void PutLut(DcmItem& dataset, const DcmTagKey& sequence, const LookupTable& lut) {
  DcmItem* item = nullptr;
  Must(dataset.findOrCreateSequenceItem(sequence, item, -2), "LUT");
  const Uint16 descriptor[3] = {static_cast<Uint16>(lut.entries.size()), static_cast<Uint16>(lut.first),
                                static_cast<Uint16>(lut.bits)};
  const bool is_signed = lut.first < 0;
  const DcmTag descriptor_tag(DCM_LUTDescriptor, is_signed ? EVR_SS : EVR_US);
  if (is_signed) {
    const Sint16 values[3] = {static_cast<Sint16>(descriptor[0]), static_cast<Sint16>(lut.first),
                              static_cast<Sint16>(lut.bits)};
    Must(item->putAndInsertSint16Array(descriptor_tag, values, 3), "LUT descriptor");
  } else {
    Must(item->putAndInsertUint16Array(descriptor_tag, descriptor, 3), "LUT descriptor");
  }
  auto data = std::make_unique<DcmUnsignedShort>(DcmTag(DCM_LUTData, EVR_US));
  Must(data->putUint16Array(lut.entries.data(), lut.entries.size()), "LUT data");
  Must(item->insert(data.release()), "LUT data");
  if (sequence == DCM_ModalityLUTSequence) PutString(*item, DCM_ModalityLUTType, "US");
}

/// The frames as little endian words.
std::string FrameBytes(const DicomFixture& fixture) {
  const std::size_t count = static_cast<std::size_t>(fixture.rows) * fixture.columns * fixture.frames * fixture.samples;
  const std::uint64_t top = (std::uint64_t{1} << fixture.bits_stored) - 1;
  const int shift = fixture.high_bit.value_or(fixture.bits_stored - 1) - (fixture.bits_stored - 1);
  const std::uint32_t mask = static_cast<std::uint32_t>(top << shift);
  const std::size_t bytes = static_cast<std::size_t>(fixture.bits_allocated) / 8;
  std::string data(count * bytes, '\0');
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t x = (i / fixture.samples) % fixture.columns;
    std::int64_t value = static_cast<std::int64_t>(x * top / std::max(1, fixture.columns - 1));
    if (fixture.is_signed) value -= static_cast<std::int64_t>(top / 2);
    if (!fixture.pixels.empty()) value = fixture.pixels.at(i);
    std::uint32_t word = (static_cast<std::uint32_t>(value) << shift) & mask;
    word |= fixture.junk_bits & ~mask;
    for (std::size_t b = 0; b < bytes; ++b) data[i * bytes + b] = static_cast<char>(word >> (8 * b));
  }
  return data;
}

void PutNativePixels(DcmItem& dataset, const DicomFixture& fixture, std::string bytes) {
  auto pixels = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, fixture.bits_allocated == 8 ? EVR_OB : EVR_OW));
  if (bytes.size() % 2 != 0) bytes.push_back('\0');
  if (fixture.bits_allocated == 8) {
    Must(pixels->putUint8Array(reinterpret_cast<const Uint8*>(bytes.data()), static_cast<unsigned long>(bytes.size())),
         "pixels");
  } else {
    std::vector<Uint16> words(bytes.size() / 2);
    std::memcpy(words.data(), bytes.data(), bytes.size());
    Must(pixels->putUint16Array(words.data(), static_cast<unsigned long>(words.size())), "pixels");
  }
  Must(dataset.insert(pixels.release(), OFTrue), "pixels");
}

/// Of equal, even size; the last takes what is left.
void PutFragments(DcmPixelSequence& sequence, const std::string& coded, std::size_t count) {
  const std::size_t size = count == 1 ? coded.size() : coded.size() / count / 2 * 2;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string bytes = coded.substr(i * size, i + 1 == count ? std::string::npos : size);
    auto item = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
    Must(item->putUint8Array(reinterpret_cast<const Uint8*>(bytes.data()), static_cast<unsigned long>(bytes.size())),
         "fragment");
    Must(sequence.insert(item.release()), "fragment");
  }
}

void PutCompressedPixels(DcmItem& dataset, const DicomFixture& fixture, const std::string& bytes) {
  auto sequence = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
  Must(sequence->insert(new DcmPixelItem(DCM_PixelItemTag)), "offset table");
  const std::size_t frame_bytes = bytes.size() / fixture.frames;
  for (int f = 0; f < fixture.frames; ++f) {
    std::string coded = EncodeFrame(fixture, bytes.substr(f * frame_bytes, frame_bytes));
    if (coded.size() % 2 != 0) coded.push_back('\0');
    PutFragments(*sequence, coded, static_cast<std::size_t>(fixture.fragments));
  }
  auto pixels = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, EVR_OB));
  pixels->putOriginalRepresentation(ToDcmtk(fixture.syntax), nullptr, sequence.release());
  Must(dataset.insert(pixels.release(), OFTrue), "pixels");
}

void PutImageHeader(DcmItem& dataset, const DicomFixture& fixture) {
  Must(dataset.putAndInsertUint16(DCM_SamplesPerPixel, static_cast<Uint16>(fixture.samples)), "samples");
  PutString(dataset, DCM_PhotometricInterpretation, fixture.photometric);
  if (fixture.samples > 1) Must(dataset.putAndInsertUint16(DCM_PlanarConfiguration, 0), "planar configuration");
  if (fixture.frames > 1) PutString(dataset, DCM_NumberOfFrames, std::to_string(fixture.frames));
  Must(dataset.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(fixture.rows)), "rows");
  Must(dataset.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(fixture.columns)), "columns");
  Must(dataset.putAndInsertUint16(DCM_BitsAllocated, static_cast<Uint16>(fixture.bits_allocated)), "bits");
  Must(dataset.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(fixture.bits_stored)), "bits");
  const int high_bit = fixture.high_bit.value_or(fixture.bits_stored - 1);
  Must(dataset.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(high_bit)), "bits");
  Must(dataset.putAndInsertUint16(DCM_PixelRepresentation, fixture.is_signed ? 1 : 0), "sign");
}

void PutNumberPair(DcmItem& dataset, const DcmTagKey& first, const DcmTagKey& second,
                   const std::pair<double, double>& values) {
  char text[64];
  std::snprintf(text, sizeof text, "%.10g", values.first);
  PutString(dataset, first, text);
  std::snprintf(text, sizeof text, "%.10g", values.second);
  PutString(dataset, second, text);
}

void PutPadding(DcmItem& dataset, const DcmTagKey& tag, const DicomFixture& fixture, int value) {
  if (fixture.is_signed) {
    Must(dataset.putAndInsertSint16(DcmTag(tag, EVR_SS), static_cast<Sint16>(value)), "padding");
  } else {
    Must(dataset.putAndInsertUint16(DcmTag(tag, EVR_US), static_cast<Uint16>(value)), "padding");
  }
}

void PutDisplay(DcmItem& dataset, const DicomFixture& fixture) {
  if (fixture.window) PutNumberPair(dataset, DCM_WindowCenter, DCM_WindowWidth, *fixture.window);
  if (!fixture.voi_function.empty()) PutString(dataset, DCM_VOILUTFunction, fixture.voi_function);
  if (fixture.rescale) {
    PutNumberPair(dataset, DCM_RescaleSlope, DCM_RescaleIntercept, *fixture.rescale);
    PutString(dataset, DCM_RescaleType, "US");
  }
  if (fixture.padding) PutPadding(dataset, DCM_PixelPaddingValue, fixture, *fixture.padding);
  if (fixture.padding_limit) PutPadding(dataset, DCM_PixelPaddingRangeLimit, fixture, *fixture.padding_limit);
  if (fixture.modality_lut) PutLut(dataset, DCM_ModalityLUTSequence, *fixture.modality_lut);
  if (fixture.voi_lut) PutLut(dataset, DCM_VOILUTSequence, *fixture.voi_lut);
}

void PutPatientAndStudy(DcmItem& dataset, const DicomFixture& fixture) {
  PutString(dataset, DCM_SOPClassUID, fixture.sop_class);
  PutString(dataset, DCM_SOPInstanceUID, fixture.instance_uid);
  PutString(dataset, DCM_StudyInstanceUID, fixture.study_uid);
  PutString(dataset, DCM_SeriesInstanceUID, fixture.series_uid);
  const std::pair<DcmTagKey, const char*> texts[] = {{DCM_ImageType, "ORIGINAL\\PRIMARY"},
                                                     {DCM_StudyDate, "20200612"},
                                                     {DCM_StudyTime, "101500"},
                                                     {DCM_AccessionNumber, "A1"},
                                                     {DCM_Modality, "CR"},
                                                     {DCM_Manufacturer, "Fixture"},
                                                     {DCM_ReferringPhysicianName, ""},
                                                     {DCM_StudyDescription, "XR chest"},
                                                     {DCM_PatientName, "Fixture^Child"},
                                                     {DCM_PatientID, "FIX1"},
                                                     {DCM_PatientBirthDate, ""},
                                                     {DCM_PatientSex, "F"},
                                                     {DCM_PatientAge, "003Y"},
                                                     {DCM_BodyPartExamined, "CHEST"},
                                                     {DCM_ViewPosition, "PA"},
                                                     {DCM_StudyID, "1"},
                                                     {DCM_SeriesNumber, "1"},
                                                     {DCM_InstanceNumber, "1"},
                                                     {DCM_PatientOrientation, "L\\F"}};
  for (const auto& [tag, value] : texts) PutString(dataset, tag, value);
  if (fixture.view_code) PutCode(dataset, DCM_ViewCodeSequence, *fixture.view_code);
  if (fixture.anatomic_region) PutCode(dataset, DCM_AnatomicRegionSequence, *fixture.anatomic_region);
}

/// The item at a path such as "ProcedureCodeSequence[0]", made if need be.
DcmItem& ItemAt(DcmDataset& dataset, const std::string& path) {
  DcmPathProcessor processor;
  Must(processor.findOrCreatePath(&dataset, path.c_str(), OFTrue), path.c_str());
  OFList<DcmPath*> found;
  (void)processor.getResults(found);
  return *static_cast<DcmItem*>(found.front()->back()->m_obj);
}

void ApplyEdits(DcmDataset& dataset, const DicomFixture& fixture) {
  for (const auto& [name, value] : fixture.attributes) {
    const std::size_t dot = name.rfind('.');
    DcmItem& item = dot == std::string::npos ? dataset : ItemAt(dataset, name.substr(0, dot));
    const DcmTag tag = TagOf(dot == std::string::npos ? name : name.substr(dot + 1));
    Must(item.putAndInsertString(tag, value.data(), static_cast<Uint32>(value.size())), name.c_str());
  }
  for (const std::string& name : fixture.remove) dataset.findAndDeleteElement(TagOf(name), OFTrue);
}

std::string Serialize(DcmFileFormat& file, const DicomFixture& fixture) {
  const E_TransferSyntax syntax = ToDcmtk(fixture.syntax);
  const E_EncodingType lengths = fixture.undefined_lengths ? EET_UndefinedLength : EET_ExplicitLength;
  const std::size_t size = file.getDataset()->calcElementLength(syntax, lengths) + (1u << 16);
  std::string buffer(size, '\0');
  DcmOutputBufferStream stream(buffer.data(), static_cast<offile_off_t>(size));
  OFCondition condition;
  if (fixture.meta_header) {
    file.transferInit();
    condition = file.write(stream, syntax, lengths, nullptr);
    file.transferEnd();
  } else {
    file.getDataset()->transferInit();
    condition = file.getDataset()->write(stream, syntax, lengths, nullptr);
    file.getDataset()->transferEnd();
  }
  Must(condition, "write");
  void* start = nullptr;
  offile_off_t length = 0;
  stream.flush();
  stream.flushBuffer(start, length);
  const std::size_t skip = fixture.meta_header && !fixture.preamble ? 132 : 0;
  return std::string(static_cast<const char*>(start) + skip, static_cast<std::size_t>(length) - skip);
}

}  // namespace

DicomFixture& DicomFixture::Bare() {
  remove = {"ImageType",    "StudyDate",        "StudyTime",         "AccessionNumber", "Manufacturer",
            "StudyID",      "StudyDescription", "PatientName",       "PatientID",       "PatientBirthDate",
            "PatientSex",   "PatientAge",       "BodyPartExamined",  "ViewPosition",    "ReferringPhysicianName",
            "SeriesNumber", "InstanceNumber",   "PatientOrientation"};
  return *this;
}

std::string DicomFixture::Build() const {
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  PutPatientAndStudy(dataset, *this);
  PutImageHeader(dataset, *this);
  PutDisplay(dataset, *this);
  if (pixel_data) {
    if (IsEncapsulated(syntax)) {
      PutCompressedPixels(dataset, *this, FrameBytes(*this));
    } else {
      PutNativePixels(dataset, *this, FrameBytes(*this));
    }
  }
  ApplyEdits(dataset, *this);
  return Serialize(file, *this);
}

}  // namespace cxr::test
