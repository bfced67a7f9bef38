// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/report_writer.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <memory>
#include <utility>

#include "service/core/failure.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/dicom_file.h"
#include "service/dicom/write/report_tree.h"
#include "service/dicom/write/result_header.h"

namespace cxr {
namespace {

constexpr ResultSeries kSeries{"SR", "CXR triage report", 9002};

void PutEmptySequence(DcmDataset& dataset, const DcmTagKey& sequence) {
  (void)dataset.insertEmptyElement(sequence);
}

/// Every instance the tree or the reader may refer to, each once (PS3.3 C.17.2.3).
void PutEvidence(DcmDataset& dataset, const SourceContext& source, const DicomObject* capture) {
  DcmItem& study = AppendItem(dataset, DCM_CurrentRequestedProcedureEvidenceSequence);
  PutText(study, DCM_StudyInstanceUID, source.identity.study_instance_uid);
  DcmItem& series = AppendItem(study, DCM_ReferencedSeriesSequence);
  PutText(series, DCM_SeriesInstanceUID, source.identity.series_instance_uid);
  PutReference(AppendItem(series, DCM_ReferencedSOPSequence), source.sop_class_uid, source.identity.sop_instance_uid);
  if (capture == nullptr) return;
  DcmItem& captures = AppendItem(study, DCM_ReferencedSeriesSequence);
  PutText(captures, DCM_SeriesInstanceUID, capture->series_instance_uid);
  PutReference(AppendItem(captures, DCM_ReferencedSOPSequence), capture->sop_class_uid, capture->sop_instance_uid);
}

void PutDocument(DcmDataset& dataset) {
  PutText(dataset, DCM_CompletionFlag, "COMPLETE");
  PutText(dataset, DCM_VerificationFlag, "UNVERIFIED");
  PutEmptySequence(dataset, DCM_PerformedProcedureCodeSequence);
  PutEmptySequence(dataset, DCM_ReferencedPerformedProcedureStepSequence);
  DeclarePrivateScheme(dataset);
}

}  // namespace

absl::StatusOr<DicomObject> WriteReportObject(const SourceContext& source, const Analysis& analysis,
                                              const DicomObject* capture, const WriteSettings& settings) {
  const char* sop_class = settings.report_class == ReportClass::kComprehensive3D ? UID_Comprehensive3DSRStorage
                                                                                 : UID_ComprehensiveSRStorage;
  const ResultIdentity identity = IdentifyResult(source, analysis, sop_class);
  std::unique_ptr<DcmDataset> dataset =
      BeginResult(source, analysis, identity, kSeries, settings.service_version, settings.clock());
  PutDocument(*dataset);
  PutEvidence(*dataset, source, capture);
  WriteReportTree(*dataset, source, analysis, capture, settings.service_version, identity.sop_instance_uid);
  absl::StatusOr<std::string> content = WritePart10(std::move(dataset));
  if (!content.ok()) return content.status();
  return DicomObject{ObjectKind::kStructuredReport, identity.sop_class_uid, identity.sop_instance_uid,
                     identity.series_instance_uid, *std::move(content)};
}

}  // namespace cxr
