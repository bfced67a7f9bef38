// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>

#include "service/core/image.h"
#include "tests/support/dicom_fixture.h"

namespace cxr::test {

/// An image as a DICOM file, and how that stores it, for people.
struct StoredImage {
  std::string file;
  std::string how;
};

/// Soft shapes, noise and an edge, 36 to 83 pixels a side; some have a black border. Reaches from 0 to 255.
[[nodiscard]] GrayImage DrawImage(std::mt19937& random);

/// `image` stored in one of the ways that DICOM allows: transfer syntax, bits, sign, photometric interpretation, window
/// or lookup table, rescaling, padding (of the black pixels), VRs that are known or not, preamble, meta header, lengths
/// and fragments. Nothing is lost but the rounding to the stored range: display values are within one level.
[[nodiscard]] StoredImage StoreLegally(const GrayImage& image, std::mt19937& random);

/// `image` stored so that no reader can, or may, show it as a radiograph: cut short, contradicting itself, damaged, or
/// not saying what it must.
[[nodiscard]] StoredImage StoreIllegally(const GrayImage& image, std::mt19937& random);

/// A fixture that stores an image in a drawn way, and how.
struct Storing {
  DicomFixture fixture;
  bool unknown_vrs = false;  ///< attributes of image and identity are written with VR UN
  std::string how;

  [[nodiscard]] bool encapsulated() const { return fixture.syntax >= Syntax::kRle; }
  [[nodiscard]] std::string Build() const;
};

/// What StoreLegally builds.
[[nodiscard]] Storing DrawStoring(const GrayImage& image, std::mt19937& random);

}  // namespace cxr::test
