// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/dicom/support/result_file.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <gtest/gtest.h>

namespace cxr::test {
namespace {

std::string TextOf(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  if (!item.tagExists(tag)) return "(absent)";
  if (item.findAndGetOFStringArray(tag, value).bad()) return "(unreadable)";
  return std::string(value.c_str());
}

std::string CodeOf(DcmItem& item, const DcmTagKey& sequence, const DcmTagKey& tag) {
  DcmItem* code = nullptr;
  return item.findAndGetSequenceItem(sequence, code, 0).good() ? TextOf(*code, tag) : std::string();
}

Node ReadNode(DcmItem& item, int depth) {
  Node node;
  node.depth = depth;
  node.relationship = TextOf(item, DCM_RelationshipType);
  node.type = TextOf(item, DCM_ValueType);
  node.name = CodeOf(item, DCM_ConceptNameCodeSequence, DCM_CodeMeaning);
  node.code = CodeOf(item, DCM_ConceptNameCodeSequence, DCM_CodeValue);
  DcmItem* measured = nullptr;
  if (node.type == "TEXT") node.value = TextOf(item, DCM_TextValue);
  if (node.type == "UIDREF") node.value = TextOf(item, DCM_UID);
  if (node.type == "CODE") node.value = CodeOf(item, DCM_ConceptCodeSequence, DCM_CodeValue);
  if (node.type == "IMAGE") node.value = CodeOf(item, DCM_ReferencedSOPSequence, DCM_ReferencedSOPInstanceUID);
  if (node.type == "NUM" && item.findAndGetSequenceItem(DCM_MeasuredValueSequence, measured, 0).good()) {
    node.value = TextOf(*measured, DCM_NumericValue);
    node.unit = CodeOf(*measured, DCM_MeasurementUnitsCodeSequence, DCM_CodeValue);
  }
  const Float32* points = nullptr;
  unsigned long count = 0;
  if (item.findAndGetFloat32Array(DCM_GraphicData, points, &count).good() && points != nullptr) {
    node.points.assign(points, points + count);
  }
  return node;
}

void Collect(DcmItem& item, int depth, std::vector<Node>& nodes) {
  nodes.push_back(ReadNode(item, depth));
  DcmItem* child = nullptr;
  for (long i = 0; item.findAndGetSequenceItem(DCM_ContentSequence, child, i).good(); ++i)
    Collect(*child, depth + 1, nodes);
}

}  // namespace

ResultFile::ResultFile(const std::string& content) {
  DcmInputBufferStream stream;
  stream.setBuffer(content.data(), static_cast<offile_off_t>(content.size()));
  stream.setEos();
  file_.transferInit();
  EXPECT_TRUE(file_.read(stream).good());
  file_.transferEnd();
  file_.loadAllDataIntoMemory();
}

std::string ResultFile::Text(const DcmTagKey& tag) {
  return TextOf(dataset(), tag);
}

std::string ResultFile::TextIn(const DcmTagKey& sequence, const DcmTagKey& tag, long index) {
  DcmItem* item = nullptr;
  if (dataset().findAndGetSequenceItem(sequence, item, index).bad()) return "(absent)";
  return TextOf(*item, tag);
}

std::vector<Node> ResultFile::Nodes() {
  std::vector<Node> nodes;
  Collect(dataset(), 0, nodes);
  return nodes;
}

std::vector<Node> Named(const std::vector<Node>& nodes, const std::string& name) {
  std::vector<Node> found;
  for (const Node& node : nodes) {
    if (node.name == name) found.push_back(node);
  }
  return found;
}

}  // namespace cxr::test
