// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/content_item.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <stdexcept>
#include <vector>

#include "service/dicom/read/attribute.h"
#include "service/dicom/write/result_object.h"

namespace cxr {
namespace {

const char* RelationshipName(Relationship relationship) {
  switch (relationship) {
    case Relationship::kContains:
      return "CONTAINS";
    case Relationship::kHasObservationContext:
      return "HAS OBS CONTEXT";
    case Relationship::kHasConceptModifier:
      return "HAS CONCEPT MOD";
    case Relationship::kHasAcquisitionContext:
      return "HAS ACQ CONTEXT";
    case Relationship::kSelectedFrom:
      return "SELECTED FROM";
  }
  return "CONTAINS";
}

}  // namespace

ContentItem ContentItem::Root(DcmItem& dataset, const CodedConcept& title, const char* template_id) {
  ContentItem root(dataset);
  PutText(dataset, DCM_ValueType, "CONTAINER");
  PutCodeSequence(dataset, DCM_ConceptNameCodeSequence, title);
  root.BecomeContainer(template_id);
  return root;
}

ContentItem ContentItem::Add(Relationship relationship, const char* value_type, const CodedConcept* name) {
  DcmItem& child = AppendItem(*item_, DCM_ContentSequence);
  PutText(child, DCM_RelationshipType, RelationshipName(relationship));
  PutText(child, DCM_ValueType, value_type);
  if (name != nullptr) PutCodeSequence(child, DCM_ConceptNameCodeSequence, *name);
  return ContentItem(child);
}

void ContentItem::BecomeContainer(const char* template_id) {
  PutText(*item_, DCM_ContinuityOfContent, "SEPARATE");
  if (template_id == nullptr) return;
  DcmItem& content_template = AppendItem(*item_, DCM_ContentTemplateSequence);
  PutText(content_template, DCM_MappingResource, "DCMR");
  PutText(content_template, DCM_TemplateIdentifier, template_id);
}

ContentItem ContentItem::AddContainer(Relationship relationship, const CodedConcept& name, const char* template_id) {
  ContentItem child = Add(relationship, "CONTAINER", &name);
  child.BecomeContainer(template_id);
  return child;
}

ContentItem ContentItem::AddCode(Relationship relationship, const CodedConcept& name, const CodedConcept& value) {
  ContentItem child = Add(relationship, "CODE", &name);
  PutCodeSequence(*child.item_, DCM_ConceptCodeSequence, value);
  return child;
}

ContentItem ContentItem::AddText(Relationship relationship, const CodedConcept& name, const std::string& text) {
  ContentItem child = Add(relationship, "TEXT", &name);
  PutText(*child.item_, DCM_TextValue, text);
  return child;
}

ContentItem ContentItem::AddUid(Relationship relationship, const CodedConcept& name, const std::string& uid) {
  ContentItem child = Add(relationship, "UIDREF", &name);
  PutText(*child.item_, DCM_UID, uid);
  return child;
}

ContentItem ContentItem::AddNumber(const CodedConcept& name, const std::string& value, const CodedConcept& unit) {
  ContentItem child = Add(Relationship::kContains, "NUM", &name);
  DcmItem& measured = AppendItem(*child.item_, DCM_MeasuredValueSequence);
  PutCodeSequence(measured, DCM_MeasurementUnitsCodeSequence, unit);
  PutText(measured, DCM_NumericValue, value);
  return child;
}

ContentItem ContentItem::AddPolygon(const CodedConcept& name, const Polygon& polygon) {
  ContentItem child = Add(Relationship::kContains, "SCOORD", &name);
  std::vector<Float32> data;
  data.reserve(2 * polygon.size() + 2);
  for (std::size_t i = 0; i <= polygon.size() && !polygon.empty(); ++i) {
    const PixelPoint& point = polygon[i % polygon.size()];
    data.push_back(static_cast<Float32>(point.x));
    data.push_back(static_cast<Float32>(point.y));
  }
  PutText(*child.item_, DCM_GraphicType, "POLYLINE");
  if (child.item_->putAndInsertFloat32Array(DCM_GraphicData, data.data(), data.size()).bad()) {
    throw std::runtime_error("cannot write the points of a region");
  }
  return child;
}

ContentItem ContentItem::AddImage(Relationship relationship, const CodedConcept* name, const std::string& sop_class_uid,
                                  const std::string& sop_instance_uid) {
  ContentItem child = Add(relationship, "IMAGE", name);
  PutReference(AppendItem(*child.item_, DCM_ReferencedSOPSequence), sop_class_uid, sop_instance_uid);
  return child;
}

}  // namespace cxr
