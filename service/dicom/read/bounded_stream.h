// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcistrma.h>

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "service/dicom/read/read_limits.h"

namespace cxr {

/// Feeds DCMTK's parser from memory and stops it when a file asks for too much: the parser recurses once per nested
/// sequence and allocates per attribute, and it reads from here at every one of them. Once stopped, the stream's status
/// stays bad.
class BoundedProducer : public DcmProducer {
 public:
  /// `bytes` must outlive this object. Stack use is counted from the frame of the constructor's caller.
  BoundedProducer(absl::string_view bytes, const ReadLimits& limits);

  OFBool good() const override;
  OFCondition status() const override;
  OFBool eos() override;
  offile_off_t avail() override;
  offile_off_t read(void* buffer, offile_off_t length) override;
  offile_off_t skip(offile_off_t length) override;
  void putback(offile_off_t count) override;

  /// True when a limit was reached, as opposed to the bytes coming to an end.
  [[nodiscard]] bool limit_reached() const { return limit_reached_; }

 private:
  [[nodiscard]] bool Admit();

  absl::string_view bytes_;
  ReadLimits limits_;
  std::size_t position_ = 0;
  std::int64_t reads_ = 0;
  std::uintptr_t stack_base_ = 0;
  std::chrono::nanoseconds began_{};
  bool limit_reached_ = false;
  bool bad_putback_ = false;
};

/// DCMTK's input stream over a BoundedProducer. Values are read at once: there is no file to come back to.
class BoundedInputStream : public DcmInputStream {
 public:
  BoundedInputStream(absl::string_view bytes, const ReadLimits& limits);

  DcmInputStreamFactory* newFactory() const override { return nullptr; }

  [[nodiscard]] bool limit_reached() const { return producer_.limit_reached(); }

 private:
  BoundedProducer producer_;
};

}  // namespace cxr
