// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/result_object.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcostrmb.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/deterministic_uid.h"
#include "service/dicom/write/equipment.h"

namespace cxr {
namespace {

constexpr std::size_t kMetaHeaderRoom = 4096;

DicomObject Identify(ObjectKind kind, const WriteInput& in, absl::string_view sop_class_uid) {
  const ModelInfo& model = in.analysis.model;
  const SourceIdentity& of = in.source.identity;
  const std::string maker =
      DeterministicUid({model.identity.name, model.identity.version, model.identity.sha256, model.manifest_sha256,
                        in.settings.digest, in.settings.service_version, sop_class_uid});
  DicomObject object;
  object.kind = kind;
  object.sop_class_uid = std::string(sop_class_uid);
  object.series_instance_uid = DeterministicUid({"series", of.study_instance_uid, of.series_instance_uid, maker});
  // A report names its capture, so that it is another one without it.
  object.sop_instance_uid = DeterministicUid({"instance", of.sop_instance_uid, in.source.content_digest, maker,
                                              in.capture == nullptr ? "" : in.capture->sop_instance_uid});
  return object;
}

void PutSeries(DcmDataset& dataset, const ResultForm& form, const DicomObject& object) {
  PutText(dataset, DCM_SeriesInstanceUID, object.series_instance_uid);
  PutText(dataset, DCM_Modality, form.modality);
  PutText(dataset, DCM_SeriesDescription, form.series_description);
  PutText(dataset, DCM_SeriesNumber, absl::StrCat(form.series_number));
}

void PutMaker(DcmDataset& dataset, const Equipment& equipment) {
  PutEquipment(dataset, equipment);
  DcmItem& contributor = AppendItem(dataset, DCM_ContributingEquipmentSequence);
  PutCodeSequence(contributor, DCM_PurposeOfReferenceCodeSequence, codes::kProcessingEquipment);
  PutEquipment(contributor, equipment);
}

}  // namespace

ResultObject::ResultObject(ObjectKind kind, const WriteInput& in, absl::string_view sop_class_uid)
    : now_(in.settings.clock()),
      object_(Identify(kind, in, sop_class_uid.empty() ? FormOf(kind).sop_class_uid : sop_class_uid)),
      dataset_(std::make_unique<DcmDataset>(in.source.attributes)) {
  PutText(*dataset_, DCM_SOPClassUID, object_.sop_class_uid);
  PutText(*dataset_, DCM_SOPInstanceUID, object_.sop_instance_uid);
  PutText(*dataset_, DCM_InstanceCreationDate, now_.date);
  PutText(*dataset_, DCM_InstanceCreationTime, now_.time);
  PutSeries(*dataset_, FormOf(kind), object_);
  PutText(*dataset_, DCM_InstanceNumber, in.source.instance_number);
  PutText(*dataset_, DCM_ContentDate, now_.date);
  PutText(*dataset_, DCM_ContentTime, now_.time);
  PutMaker(*dataset_, Equipment(in.analysis.model.identity, in.settings.service_version));
}

absl::StatusOr<DicomObject> ResultObject::Finish() && {
  absl::StatusOr<std::string> content = WritePart10(std::move(dataset_));
  if (!content.ok()) return content.status();
  object_.content = *std::move(content);
  return std::move(object_);
}

void PutReference(DcmItem& item, const std::string& sop_class_uid, const std::string& sop_instance_uid) {
  PutText(item, DCM_ReferencedSOPClassUID, sop_class_uid);
  PutText(item, DCM_ReferencedSOPInstanceUID, sop_instance_uid);
}

absl::Status PutEightBitPixels(DcmDataset& dataset, int rows, int columns, const std::vector<std::uint8_t>& pixels) {
  const bool colour = pixels.size() == std::size_t{3} * rows * columns;
  PutUnsignedShort(dataset, DCM_SamplesPerPixel, colour ? 3 : 1);
  PutText(dataset, DCM_PhotometricInterpretation, colour ? "RGB" : "MONOCHROME2");
  if (colour) PutUnsignedShort(dataset, DCM_PlanarConfiguration, 0);
  PutUnsignedShort(dataset, DCM_Rows, rows);
  PutUnsignedShort(dataset, DCM_Columns, columns);
  PutUnsignedShort(dataset, DCM_BitsAllocated, 8);
  PutUnsignedShort(dataset, DCM_BitsStored, 8);
  PutUnsignedShort(dataset, DCM_HighBit, 7);
  PutUnsignedShort(dataset, DCM_PixelRepresentation, 0);
  const OFCondition written = dataset.putAndInsertUint8Array(DcmTag(DCM_PixelData, EVR_OB), pixels.data(),
                                                             static_cast<unsigned long>(pixels.size()));
  if (written.bad()) return Failure(FailureReason::kInternal, absl::StrCat("The pixels of an image: ", written.text()));
  return absl::OkStatus();
}

absl::StatusOr<std::string> WritePart10(std::unique_ptr<DcmDataset> dataset) {
  const std::size_t size = dataset->calcElementLength(EXS_LittleEndianExplicit, EET_ExplicitLength) + kMetaHeaderRoom;
  DcmFileFormat file(dataset.release(), OFFalse);
  std::string buffer(size, '\0');
  DcmOutputBufferStream stream(buffer.data(), static_cast<offile_off_t>(size));
  file.transferInit();
  const OFCondition condition = file.write(stream, EXS_LittleEndianExplicit, EET_ExplicitLength, nullptr);
  file.transferEnd();
  if (condition.bad())
    return Failure(FailureReason::kInternal, absl::StrCat("A DICOM object cannot be written: ", condition.text()));
  void* begin = nullptr;
  offile_off_t length = 0;
  stream.flush();
  stream.flushBuffer(begin, length);
  buffer.resize(static_cast<std::size_t>(length));
  return buffer;
}

}  // namespace cxr
