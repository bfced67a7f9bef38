// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcitem.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/core/image.h"

namespace cxr {

/// A code as it was read (PS3.3 8.8).
struct ReadCode {
  std::string value;
  std::string scheme;
  std::string meaning;
};

/// A content item as it was read (PS3.3 C.17.3); the counterpart of ContentItem.
struct ContentNode {
  int depth = 0;  ///< 0 for the root
  std::string relationship;
  std::string type;  ///< CONTAINER, CODE, TEXT, NUM, UIDREF, SCOORD, IMAGE, ...
  ReadCode name;
  ReadCode code;     ///< the value of a CODE, the unit of a NUM
  std::string text;  ///< the value of a TEXT, UIDREF or NUM; the instance UID of an IMAGE
  Polygon polygon;   ///< the points of a SCOORD; a last point that repeats the first is left out
};

/// The content tree of a document, in document order. Failure: InvalidArgument for a tree that is deeper, larger or has
/// more points than any of ours, or points that are not finite numbers.
[[nodiscard]] absl::StatusOr<std::vector<ContentNode>> ReadContent(DcmItem& document);

}  // namespace cxr
