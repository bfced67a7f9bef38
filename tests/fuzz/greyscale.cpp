// SPDX-License-Identifier: Apache-2.0
// Greyscale: what a data set may say of Modality LUT, VOI LUT, windows, padding and inversion, on pixels of every
// layout.
#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <fuzzer/FuzzedDataProvider.h>

#include <string>
#include <vector>

#include "service/dicom/display/display_curve.h"
#include "service/dicom/display/display_mapping.h"
#include "tests/fuzz/contradiction.h"

namespace {

using cxr::PixelLayout;

PixelLayout MakeLayout(FuzzedDataProvider& input) {
  PixelLayout layout;
  layout.rows = input.ConsumeIntegralInRange(1, 8);
  layout.columns = input.ConsumeIntegralInRange(1, 32);
  layout.photometric = input.ConsumeBool() ? "MONOCHROME1" : "MONOCHROME2";
  layout.bits_allocated = 8 << input.ConsumeIntegralInRange(0, 2);
  layout.bits_stored = input.ConsumeIntegralInRange(1, layout.bits_allocated);
  layout.high_bit = input.ConsumeIntegralInRange(layout.bits_stored - 1, layout.bits_allocated - 1);
  layout.is_signed = input.ConsumeBool();
  return layout;
}

void PutText(FuzzedDataProvider& input, DcmItem& item, const DcmTagKey& tag) {
  if (input.ConsumeBool()) item.putAndInsertString(tag, input.ConsumeRandomLengthString(40).c_str());
}

void PutWords(FuzzedDataProvider& input, DcmItem& item, const DcmTagKey& tag, std::size_t most) {
  const auto count = input.ConsumeIntegralInRange<std::size_t>(0, most);
  std::vector<Uint16> words;
  for (std::size_t i = 0; i < count; ++i) words.push_back(input.ConsumeIntegral<Uint16>());
  item.putAndInsertUint16Array(DcmTag(tag, words.size() > 3 ? EVR_OW : EVR_US), words.data(), words.size());
}

void PutLut(FuzzedDataProvider& input, DcmItem& dataset, const DcmTagKey& sequence) {
  for (int items = input.ConsumeIntegralInRange(0, 2); items > 0; --items) {
    DcmItem* item = nullptr;
    if (dataset.findOrCreateSequenceItem(sequence, item, -2).bad()) return;
    PutWords(input, *item, DCM_LUTDescriptor, 3);
    PutWords(input, *item, DCM_LUTData, 300);
  }
}

void Describe(FuzzedDataProvider& input, DcmDataset& dataset) {
  for (const DcmTagKey& tag : {DCM_WindowCenter, DCM_WindowWidth, DCM_VOILUTFunction, DCM_RescaleSlope,
                               DCM_RescaleIntercept, DCM_PresentationLUTShape})
    PutText(input, dataset, tag);
  if (input.ConsumeBool())
    dataset.putAndInsertUint16(DcmTag(DCM_PixelPaddingValue, EVR_US), input.ConsumeIntegral<Uint16>());
  if (input.ConsumeBool())
    dataset.putAndInsertUint16(DcmTag(DCM_PixelPaddingRangeLimit, EVR_US), input.ConsumeIntegral<Uint16>());
  PutLut(input, dataset, DCM_ModalityLUTSequence);
  PutLut(input, dataset, DCM_VOILUTSequence);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const PixelLayout layout = MakeLayout(input);
  DcmDataset dataset;
  Describe(input, dataset);
  auto curve = cxr::DisplayCurve::Create(dataset, layout);
  if (!curve.ok()) return 0;
  std::string words = input.ConsumeRemainingBytesAsString();
  words.resize(static_cast<std::size_t>(layout.bytes()));
  const cxr::GrayImage image = cxr::MapToDisplay({words, layout, false}, *curve);
  cxr::fuzz::Demand(image.pixels.size() == static_cast<std::size_t>(layout.pixels_per_frame()), "pixels lack");
  DcmDataset state;
  curve->WriteTransformations(state);
  return 0;
}
