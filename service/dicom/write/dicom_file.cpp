// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/write/dicom_file.h"

#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcostrmb.h>

#include "absl/strings/str_cat.h"
#include "service/core/failure.h"

namespace cxr {
namespace {

constexpr std::size_t kMetaHeaderRoom = 4096;

}  // namespace

absl::StatusOr<std::string> WritePart10(std::unique_ptr<DcmDataset> dataset) {
  const std::size_t size = dataset->calcElementLength(EXS_LittleEndianExplicit, EET_ExplicitLength) + kMetaHeaderRoom;
  DcmFileFormat file(dataset.release(), OFFalse);
  std::string buffer(size, '\0');
  DcmOutputBufferStream stream(buffer.data(), static_cast<offile_off_t>(size));
  file.transferInit();
  const OFCondition condition = file.write(stream, EXS_LittleEndianExplicit, EET_ExplicitLength, nullptr);
  file.transferEnd();
  if (condition.bad())
    return Failure(FailureReason::kInternal, absl::StrCat("A DICOM object cannot be written: ", condition.text()));
  void* begin = nullptr;
  offile_off_t length = 0;
  stream.flush();
  stream.flushBuffer(begin, length);
  buffer.resize(static_cast<std::size_t>(length));
  return buffer;
}

}  // namespace cxr
