// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcitem.h>

#include <string>

#include "service/core/image.h"
#include "service/dicom/write/coded_concept.h"

namespace cxr {

/// How a content item relates to its parent (PS3.3 C.17.3.2.4).
enum class Relationship {
  kContains,
  kHasObservationContext,
  kHasConceptModifier,
  kHasAcquisitionContext,
  kSelectedFrom
};

/// A node of a structured report's content tree (PS3.3 C.17.3), written straight into a data set. A light handle: the
/// data set owns the node and must outlive it.
class ContentItem {
 public:
  /// Makes the root container in a document's data set; `template_id` is of PS3.16 (DCMR).
  [[nodiscard]] static ContentItem Root(DcmItem& dataset, const CodedConcept& title, const char* template_id);

  /// Each adds a child behind those that are there.
  ContentItem AddContainer(Relationship relationship, const CodedConcept& name, const char* template_id = nullptr);
  ContentItem AddCode(Relationship relationship, const CodedConcept& name, const CodedConcept& value);
  ContentItem AddText(Relationship relationship, const CodedConcept& name, const std::string& text);
  ContentItem AddUid(Relationship relationship, const CodedConcept& name, const std::string& uid);
  ContentItem AddNumber(const CodedConcept& name, const std::string& value, const CodedConcept& unit);
  /// A closed polyline: the first point is repeated at the end.
  ContentItem AddPolygon(const CodedConcept& name, const Polygon& polygon);
  /// An image; `name` may be null (TID 1601 leaves it unnamed).
  ContentItem AddImage(Relationship relationship, const CodedConcept* name, const std::string& sop_class_uid,
                       const std::string& sop_instance_uid);

 private:
  explicit ContentItem(DcmItem& item) : item_(&item) {}
  ContentItem Add(Relationship relationship, const char* value_type, const CodedConcept* name);
  void BecomeContainer(const char* template_id);

  DcmItem* item_;
};

}  // namespace cxr
