// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/read/unknown_vr.h"

#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcsequen.h>

#include <memory>
#include <string>
#include <vector>

#include "service/dicom/read/bounded_stream.h"

namespace cxr {
namespace {

bool DictionaryKnows(const DcmTagKey& tag) {
  if (tag.isPrivate()) return false;
  const DcmEVR vr = DcmTag(tag).getEVR();
  return vr != EVR_UN && vr != EVR_UNKNOWN && vr != EVR_UNKNOWN2B && vr != EVR_na;
}

void AppendLittle(std::string& bytes, std::uint32_t number, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(number >> (8 * i)));
}

/// The element with the VR of the dictionary; null when its value cannot be read.
std::unique_ptr<DcmElement> Reread(DcmElement& element, const ReadLimits& limits) {
  Uint8* value = nullptr;
  if (element.getUint8Array(value).bad()) return nullptr;
  const std::size_t length = value == nullptr ? 0 : element.getLength();
  std::string bytes;
  AppendLittle(bytes, element.getGTag(), 2);
  AppendLittle(bytes, element.getETag(), 2);
  AppendLittle(bytes, static_cast<std::uint32_t>(length), 4);
  if (length > 0) bytes.append(reinterpret_cast<const char*>(value), length);
  BoundedInputStream stream(bytes, limits);
  DcmDataset dataset;
  dataset.transferInit();
  const OFCondition condition = dataset.read(stream, EXS_LittleEndianImplicit);
  dataset.transferEnd();
  if (condition.bad() || stream.limit_reached() || dataset.card() != 1) return nullptr;
  return std::unique_ptr<DcmElement>(dataset.remove(0UL));
}

}  // namespace

bool ReadUnknownByDictionary(DcmItem& dataset, const ReadLimits& limits) {
  bool any = false;
  std::vector<DcmElement*> unknown;
  for (unsigned long i = 0; i < dataset.card(); ++i) {
    DcmElement* element = dataset.getElement(i);
    if (element->ident() == EVR_SQ) {
      auto& sequence = static_cast<DcmSequenceOfItems&>(*element);
      for (unsigned long item = 0; item < sequence.card(); ++item)
        any = ReadUnknownByDictionary(*sequence.getItem(item), limits) || any;
    } else if (element->getVR() == EVR_UN && DictionaryKnows(element->getTag())) {
      unknown.push_back(element);
    }
  }
  for (DcmElement* element : unknown) {
    std::unique_ptr<DcmElement> known = Reread(*element, limits);
    if (known != nullptr && dataset.insert(known.get(), OFTrue).good()) (void)known.release();
  }
  return any || !unknown.empty();
}

}  // namespace cxr
