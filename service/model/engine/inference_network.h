// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace cxr {

/// What a model file is expected to be, and where it shall run.
struct NetworkOptions {
  std::string device = "cpu";  ///< cpu, cuda or cuda:N
  int rows = 224;              ///< of the input
  int columns = 224;
  int classes = 3;
};

/// A class activation map: rows x columns values, row by row; each 0 to 1, the largest 1, or all 0.
struct ClassMap {
  int rows = 0;
  int columns = 0;
  std::vector<float> values;
};

/// The last feature maps of a batch, on the network's device. Cheap to move; immutable.
class FeatureBatch {
 public:
  struct Impl;
  explicit FeatureBatch(std::shared_ptr<const Impl> impl);
  [[nodiscard]] int size() const;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

  /// The features of one image, averaged over the map: one value per channel.
  [[nodiscard]] std::vector<float> Pooled(int index) const;

 private:
  std::shared_ptr<const Impl> impl_;
};

/// The logits of a batch together with what is needed to explain them. Used by one thread.
class HeadPass {
 public:
  struct Impl;
  explicit HeadPass(std::shared_ptr<Impl> impl);

  /// One logit per class for each image of the batch; all are finite.
  [[nodiscard]] const std::vector<std::vector<double>>& logits() const;

  /// One Grad-CAM (Selvaraju et al. 2017) per image, of the logit `labels[i]` of image i: ReLU(sum_k alpha_k F_k),
  /// where alpha_k is the mean over the map of the logit's derivative by F_k; divided by its maximum. Differentiates
  /// the head alone, once for the whole batch: the head treats images independently of each other. Throws
  /// std::runtime_error when a value is not finite, std::out_of_range unless there is one existing class per image.
  [[nodiscard]] std::vector<ClassMap> Maps(const std::vector<int>& labels) const;

 private:
  std::shared_ptr<Impl> impl_;
};

/// A loaded, frozen network. Thread-safe: any number of threads may run it at once; call it from a fixed pool of
/// threads, since LibTorch keeps state per thread, and set their operator threads first (device.h). All functions throw
/// std::runtime_error with a sentence for people.
class InferenceNetwork {
 public:
  /// Loads TorchScript bytes with the methods `features` (N x 3 x H x W to N x C x h x w) and `head` (to N x classes
  /// logits), freezes it and makes one warm-up run. Throws when the bytes are no such module, when a method is missing,
  /// when shapes are not as stated, or when values are not finite.
  [[nodiscard]] static std::unique_ptr<InferenceNetwork> Load(const std::string& bytes, const NetworkOptions& options);

  ~InferenceNetwork();
  InferenceNetwork(const InferenceNetwork&) = delete;
  InferenceNetwork& operator=(const InferenceNetwork&) = delete;

  /// Runs the backbone, without gradients, on images of rows x columns values in -1..1 each (one channel; the three
  /// channels of the network's input are equal). Throws for an empty batch, or for an image of another size.
  [[nodiscard]] FeatureBatch Features(const std::vector<const std::vector<float>*>& images) const;

  /// Runs the head.
  [[nodiscard]] HeadPass Head(const FeatureBatch& features) const;

  [[nodiscard]] const NetworkOptions& options() const;

 private:
  struct Impl;
  explicit InferenceNetwork(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace cxr
