// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/result_header.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include "absl/strings/str_cat.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/deterministic_uid.h"
#include "service/dicom/write/equipment.h"

namespace cxr {

ResultIdentity IdentifyResult(const SourceContext& source, const Analysis& analysis, absl::string_view sop_class_uid) {
  const std::string& model = analysis.model.identity.sha256;
  const SourceIdentity& of = source.identity;
  ResultIdentity identity;
  identity.sop_class_uid = std::string(sop_class_uid);
  identity.series_instance_uid = DeterministicUid(
      {"series", of.study_instance_uid, of.series_instance_uid, model, analysis.settings_digest, sop_class_uid});
  identity.sop_instance_uid =
      DeterministicUid({"instance", of.sop_instance_uid, model, analysis.settings_digest, sop_class_uid});
  return identity;
}

std::unique_ptr<DcmDataset> BeginResult(const SourceContext& source, const Analysis& analysis,
                                        const ResultIdentity& identity, const ResultSeries& series,
                                        const std::string& service_version, const DateTime& now) {
  auto dataset = std::make_unique<DcmDataset>(source.attributes);
  PutText(*dataset, DCM_SOPClassUID, identity.sop_class_uid);
  PutText(*dataset, DCM_SOPInstanceUID, identity.sop_instance_uid);
  PutText(*dataset, DCM_InstanceCreationDate, now.date);
  PutText(*dataset, DCM_InstanceCreationTime, now.time);
  PutText(*dataset, DCM_SeriesInstanceUID, identity.series_instance_uid);
  PutText(*dataset, DCM_Modality, series.modality);
  PutText(*dataset, DCM_SeriesDescription, series.description);
  PutText(*dataset, DCM_SeriesNumber, absl::StrCat(series.number));
  PutText(*dataset, DCM_InstanceNumber, source.instance_number);
  PutText(*dataset, DCM_ContentDate, now.date);
  PutText(*dataset, DCM_ContentTime, now.time);
  const Equipment equipment(analysis.model.identity, service_version);
  PutEquipment(*dataset, equipment);
  DcmItem& contributor = AppendItem(*dataset, DCM_ContributingEquipmentSequence);
  PutCodeSequence(contributor, DCM_PurposeOfReferenceCodeSequence, codes::kProcessingEquipment);
  PutEquipment(contributor, equipment);
  return dataset;
}

void PutReference(DcmItem& item, const std::string& sop_class_uid, const std::string& sop_instance_uid) {
  PutText(item, DCM_ReferencedSOPClassUID, sop_class_uid);
  PutText(item, DCM_ReferencedSOPInstanceUID, sop_instance_uid);
}

}  // namespace cxr
