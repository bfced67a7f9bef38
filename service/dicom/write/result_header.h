// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "service/core/analysis.h"
#include "service/dicom/write/source_context.h"
#include "service/dicom/write/write_settings.h"

namespace cxr {

/// Names one result object. The UIDs depend on source, model, settings and SOP class, never on time: a repeat is found
/// stored already. The results of one source series share a series per kind.
struct ResultIdentity {
  std::string sop_class_uid;
  std::string series_instance_uid;
  std::string sop_instance_uid;
};

[[nodiscard]] ResultIdentity IdentifyResult(const SourceContext& source, const Analysis& analysis,
                                            absl::string_view sop_class_uid);

/// What a series of results looks like in a list.
struct ResultSeries {
  const char* modality;
  const char* description;
  int number;
};

/// Begins a result: patient, study, series, equipment and its history, SOP common, instance number and content date of
/// `now`.
[[nodiscard]] std::unique_ptr<DcmDataset> BeginResult(const SourceContext& source, const Analysis& analysis,
                                                      const ResultIdentity& identity, const ResultSeries& series,
                                                      const std::string& service_version, const DateTime& now);

/// Writes a reference to an instance (PS3.3, table 10-11) into an item.
void PutReference(DcmItem& item, const std::string& sop_class_uid, const std::string& sop_instance_uid);

}  // namespace cxr
