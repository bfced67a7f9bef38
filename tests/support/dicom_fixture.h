// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/optional.h"
#include "service/core/image.h"

namespace cxr::test {

/// Transfer syntaxes the fixture can write.
enum class Syntax {
  kImplicitLittle,
  kExplicitLittle,
  kExplicitBig,
  kDeflated,
  kRle,
  kJpegBaseline,  ///< 8 bits stored
  kJpegExtended,  ///< 12 bits stored
  kJpegLossless,
  kJpegLs,
  kJpeg2000,  ///< lossless
};

struct CodedValue {
  std::string value;
  std::string scheme;
  std::string meaning;
};

/// A Modality or VOI LUT (PS3.3 C.11.1, C.11.2).
struct LookupTable {
  std::vector<std::uint16_t> entries;
  int first = 0;
  int bits = 8;
};

/// Builds DICOM sources of every kind for tests. As it is: a valid frontal chest CR of a child of three, MONOCHROME2,
/// 12 bits stored in 16, a gradient, Explicit VR Little Endian. Change what the test is about, then Build.
struct DicomFixture {
  int rows = 60;
  int columns = 48;
  int frames = 1;
  int samples = 1;
  std::string photometric = "MONOCHROME2";
  int bits_allocated = 16;
  int bits_stored = 12;
  absl::optional<int> high_bit;  ///< bits_stored - 1 when absent
  bool is_signed = false;
  /// Stored values, frame by frame, row by row, colour by pixel; a gradient over the stored range when empty.
  std::vector<std::int32_t> pixels;
  std::uint32_t junk_bits = 0;  ///< or'ed into every word where bits outside the stored ones allow it
  Syntax syntax = Syntax::kExplicitLittle;
  int fragments = 1;               ///< of a compressed frame
  bool undefined_lengths = false;  ///< of sequences and items, which then end with delimiters
  bool preamble = true;
  bool meta_header = true;
  bool pixel_data = true;

  absl::optional<std::pair<double, double>> window;   ///< centre, width
  std::string voi_function;                           ///< LINEAR, LINEAR_EXACT, SIGMOID
  absl::optional<std::pair<double, double>> rescale;  ///< slope, intercept
  absl::optional<int> padding;
  absl::optional<int> padding_limit;
  absl::optional<LookupTable> modality_lut;
  absl::optional<LookupTable> voi_lut;
  absl::optional<CodedValue> view_code;
  absl::optional<CodedValue> anatomic_region;

  std::string sop_class = "1.2.840.10008.5.1.4.1.1.1";
  std::string study_uid = "2.25.1001";
  std::string series_uid = "2.25.1002";
  std::string instance_uid = "2.25.1003";
  /// Set last: DICOM keyword ("PatientAge"), "gggg,eeee" or a path ("ProcedureCodeSequence[0].CodeValue"), and the
  /// value as text, written even if invalid for its VR.
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<std::string> remove;  ///< keywords or "gggg,eeee"

  /// Removes every attribute that a readable image does not need.
  DicomFixture& Bare();

  /// The file. Aborts the test program on a combination that cannot be written.
  [[nodiscard]] std::string Build() const;
};

/// `image` as a fixture with `bits_stored` bits (8, 12 or 16), MONOCHROME1 or 2, and the window of the full range:
/// display values are those of the image to within one grey level.
[[nodiscard]] DicomFixture FixtureOfImage(const GrayImage& image, int bits_stored, bool monochrome1);

/// An image of the whole range with a horizontal gradient and a white square in its upper left part: no symmetry hides
/// a mistake.
[[nodiscard]] GrayImage AsymmetricImage(int rows, int columns);

}  // namespace cxr::test
