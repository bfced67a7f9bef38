// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cxr {

/// The SOP class of reports. The content tree is the same in both.
enum class ReportClass {
  kComprehensive,    ///< 1.2.840.10008.5.1.4.1.1.88.33, which most viewers draw
  kComprehensive3D,  ///< 1.2.840.10008.5.1.4.1.1.88.34, which IHE AI Results asks for
};

}  // namespace cxr
