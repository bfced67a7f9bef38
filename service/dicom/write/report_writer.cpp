// SPDX-License-Identifier: Apache-2.0
#include <dcmtk/config/osconfig.h>

#include "service/dicom/write/result_writers.h"
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <memory>
#include <utility>

#include "service/base/failure.h"
#include "service/dicom/read/attribute.h"
#include "service/dicom/write/coded_concept.h"
#include "service/dicom/write/report_tree.h"

namespace cxr {
namespace {

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

absl::StatusOr<DicomObject> WriteReport(const WriteInput& in) {
  const bool three_d = in.settings.report_class == ReportClass::kComprehensive3D;
  ResultObject result(ObjectKind::kStructuredReport, in,
                      three_d ? UID_Comprehensive3DSRStorage : UID_ComprehensiveSRStorage);
  PutDocument(result.dataset());
  PutEvidence(result.dataset(), in.source, in.capture);
  WriteReportTree(result.dataset(), in, result.sop_instance_uid());
  return std::move(result).Finish();
}

}  // namespace cxr
