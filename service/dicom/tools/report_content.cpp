// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/tools/report_content.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcsequen.h>

#include <cmath>

#include "service/dicom/read/attribute.h"

namespace cxr {
namespace {

// Ours have a depth of 5, some hundred items and some thousand points.
constexpr int kDeepest = 16;
constexpr std::size_t kMostNodes = 10'000;
constexpr std::size_t kMostPoints = 100'000;

ReadCode CodeIn(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* code = FirstItem(item, sequence);
  if (code == nullptr) return {};
  return {FirstText(*code, DCM_CodeValue), FirstText(*code, DCM_CodingSchemeDesignator),
          FirstText(*code, DCM_CodeMeaning)};
}

/// Text may hold backslashes; it has one value whatever it holds.
std::string WholeText(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  return item.findAndGetOFStringArray(tag, value).good() ? std::string(value.data(), value.size()) : std::string();
}

absl::Status ReadPoints(DcmItem& item, std::size_t& points, Polygon& polygon) {
  const Float32* data = nullptr;
  unsigned long count = 0;
  if (item.findAndGetFloat32Array(DCM_GraphicData, data, &count).bad() || data == nullptr) return absl::OkStatus();
  points += count / 2;
  if (points > kMostPoints) return absl::InvalidArgumentError("The report's regions have too many points.");
  for (unsigned long i = 0; i + 1 < count; i += 2) {
    if (!std::isfinite(data[i]) || !std::isfinite(data[i + 1]))
      return absl::InvalidArgumentError("A point of the report's regions is not a finite number.");
    polygon.push_back({data[i], data[i + 1]});
  }
  const bool closed =
      polygon.size() > 1 && polygon.front().x == polygon.back().x && polygon.front().y == polygon.back().y;
  if (closed) polygon.pop_back();
  return absl::OkStatus();
}

ContentNode ReadNode(DcmItem& item, int depth) {
  ContentNode node;
  node.depth = depth;
  node.relationship = FirstText(item, DCM_RelationshipType);
  node.type = FirstText(item, DCM_ValueType);
  node.name = CodeIn(item, DCM_ConceptNameCodeSequence);
  if (node.type == "CODE") node.code = CodeIn(item, DCM_ConceptCodeSequence);
  if (node.type == "TEXT") node.text = WholeText(item, DCM_TextValue);
  if (node.type == "UIDREF") node.text = FirstText(item, DCM_UID);
  DcmItem* measured = node.type == "NUM" ? FirstItem(item, DCM_MeasuredValueSequence) : nullptr;
  if (measured != nullptr) {
    node.text = FirstText(*measured, DCM_NumericValue);
    node.code = CodeIn(*measured, DCM_MeasurementUnitsCodeSequence);
  }
  DcmItem* image = node.type == "IMAGE" ? FirstItem(item, DCM_ReferencedSOPSequence) : nullptr;
  if (image != nullptr) node.text = FirstText(*image, DCM_ReferencedSOPInstanceUID);
  return node;
}

class TreeReader {
 public:
  absl::Status Read(DcmItem& item, int depth) {
    if (depth > kDeepest || nodes_.size() == kMostNodes)
      return absl::InvalidArgumentError("The report's content tree is too large or too deep.");
    nodes_.push_back(ReadNode(item, depth));
    absl::Status points = ReadPoints(item, points_, nodes_.back().polygon);
    if (!points.ok()) return points;
    DcmSequenceOfItems* children = nullptr;
    if (item.findAndGetSequence(DCM_ContentSequence, children).bad() || children == nullptr) return absl::OkStatus();
    for (unsigned long i = 0; i < children->card(); ++i) {
      absl::Status child = Read(*children->getItem(i), depth + 1);
      if (!child.ok()) return child;
    }
    return absl::OkStatus();
  }

  std::vector<ContentNode>&& nodes() { return std::move(nodes_); }

 private:
  std::vector<ContentNode> nodes_;
  std::size_t points_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<ContentNode>> ReadContent(DcmItem& document) {
  TreeReader reader;
  absl::Status read = reader.Read(document, 0);
  if (!read.ok()) return read;
  return reader.nodes();
}

}  // namespace cxr
