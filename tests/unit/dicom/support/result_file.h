// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcfilefo.h>

#include <string>
#include <vector>

namespace cxr::test {

/// One node of a report's content tree, in document order.
struct Node {
  int depth = 0;
  std::string relationship;
  std::string type;
  std::string name;   ///< code meaning of the concept name
  std::string code;   ///< code value of the concept name
  std::string value;  ///< code value, text, UID or number; the instance UID of an image
  std::string unit;
  std::vector<float> points;
};

/// A produced DICOM object, parsed back.
class ResultFile {
 public:
  /// Records a test failure if it cannot be parsed.
  explicit ResultFile(const std::string& content);

  [[nodiscard]] DcmDataset& dataset() { return *file_.getDataset(); }

  /// The whole value of a top-level attribute; "(absent)" when it is not there.
  [[nodiscard]] std::string Text(const DcmTagKey& tag);

  /// The value of an attribute in the item at `index` of a top-level sequence; "(absent)" when it is not there.
  [[nodiscard]] std::string TextIn(const DcmTagKey& sequence, const DcmTagKey& tag, long index = 0);

  /// The content tree.
  [[nodiscard]] std::vector<Node> Nodes();

 private:
  DcmFileFormat file_;
};

/// The nodes called `name`.
[[nodiscard]] std::vector<Node> Named(const std::vector<Node>& nodes, const std::string& name);

}  // namespace cxr::test
