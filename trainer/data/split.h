// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "trainer/data/dataset.h"

namespace cxr {

/// Who is used for what.
struct Split {
  std::vector<LabelledImage> training;
  std::vector<LabelledImage> validation;
  std::vector<LabelledImage> test;  ///< held out from training and calibration; only where the data say so
};

/// Gives about `validation_fraction` of each class's images to validation, whole patients at a time: no patient is on
/// both sides. A patient with images of two classes counts for the class of the first. At least one patient of each
/// class stays for training. The same images, fraction and seed give the same split.
[[nodiscard]] Split SplitByPatient(const std::vector<LabelledImage>& images, double validation_fraction,
                                   std::uint64_t seed);

/// The split that the data name (SplitName); training and validation by SplitByPatient where they name none.
[[nodiscard]] Split SplitAsStated(const std::vector<LabelledImage>& images, double validation_fraction,
                                  std::uint64_t seed);

/// Which patients are held out of a class: any, or those with the lowest numbers of each series ("IM", "NORMAL2-IM",
/// "bacteria", "virus" of the public data). Series were taken one after the other, so the latter differ from the rest
/// as images of another year might, which random patients do not.
enum class HoldOut { kRandom, kFirstNumbers };

struct HoldOutOptions {
  double validation_fraction = 0.1;
  double test_fraction = 0.1;
  HoldOut patients = HoldOut::kRandom;
  std::uint64_t seed = 1;
  std::vector<std::string> never_train;  ///< patients who go to test where they would be trained on
};

/// Gives each image its split: of each class (kRandom) or series (kFirstNumbers) about the wanted share of images to
/// test and validation, whole patients at a time, the rest to training. At least one patient of each stays there. The
/// same images and options give the same split.
void AssignSplits(const HoldOutOptions& options, std::vector<LabelledImage>& images);

/// The fold, 0 to folds - 1, of each image: all images of a patient in one fold, each class spread evenly over the
/// folds by images (a patient with images of two classes counts for that of the first). Follows from the images,
/// `folds` and `seed` alone.
[[nodiscard]] std::vector<int> AssignFolds(const std::vector<LabelledImage>& images, int folds, std::uint64_t seed);

/// The images of `fold` as validation, all others as training, in order. `assignment` is AssignFolds of them.
[[nodiscard]] Split HoldOutFold(const std::vector<LabelledImage>& images, const std::vector<int>& assignment, int fold);

/// The number of patients.
[[nodiscard]] std::size_t CountPatients(const std::vector<LabelledImage>& images);

/// "12 images of 5 patients".
[[nodiscard]] std::string DescribeCount(const std::vector<LabelledImage>& images);

}  // namespace cxr
