// SPDX-License-Identifier: Apache-2.0
#include "service/dicom/dicom_reader.h"

#include <dcmtk/config/osconfig.h>
// osconfig.h comes first, as DCMTK demands.
#include <dcmtk/dcmdata/dcdict.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/failure.h"
#include "service/dicom/codec/frame_decoder.h"
#include "service/dicom/display/display_mapping.h"
#include "service/dicom/read/dicom_parser.h"
#include "service/dicom/read/pixel_data.h"
#include "service/dicom/read/radiograph_facts.h"
#include "service/dicom/read/toolkit.h"
#include "service/dicom/read/transfer_syntax.h"
#include "service/dicom/write/deterministic_uid.h"
#include "service/dicom/write/result_writers.h"
#include "service/dicom/write/source_context.h"

namespace cxr {
namespace {

using SharedSettings = std::shared_ptr<const DicomSettings>;

class DicomRadiograph : public Radiograph {
 public:
  DicomRadiograph(ParsedInstance instance, PixelLayout layout, PixelData pixels, RadiographFacts facts,
                  SharedSettings settings, absl::string_view file)
      : instance_(std::move(instance)),
        layout_(std::move(layout)),
        pixels_(std::move(pixels)),
        facts_(std::move(facts)),
        settings_(std::move(settings)) {
    GatherContext(instance_, facts_.identity, layout_, pixels_, context_);
    context_.content_digest = ContentDigest(file);
    for (const std::string& odd : instance_.oddities)
      if (settings_->on_odd) settings_->on_odd(odd, facts_.identity.sop_instance_uid);
    if (!settings_->write.on_left_out) return;
    for (const std::string& attribute : context_.left_out)
      settings_->write.on_left_out(attribute, facts_.identity.sop_instance_uid);
  }

  [[nodiscard]] const RadiographFacts& facts() const override { return facts_; }
  [[nodiscard]] absl::StatusOr<GrayImage> DisplayImage() const override;

  [[nodiscard]] absl::StatusOr<DicomObject> Write(ObjectKind kind, const ResultContent& content) const override {
    const WriteInput input{context_,        content.analysis, content.image,
                           content.capture, settings_->write, [this] { return ShownCurve(); }};
    return Guarded([&] { return WriteResult(kind, input); },
                   [](absl::string_view error) {
                     return Failure(FailureReason::kInternal, absl::StrCat("A result cannot be written: ", error));
                   });
  }

 private:
  [[nodiscard]] absl::StatusOr<GrayImage> Map(DisplayCurve& curve) const;
  [[nodiscard]] absl::StatusOr<DisplayCurve> ShownCurve() const;

  ParsedInstance instance_;
  PixelLayout layout_;
  PixelData pixels_;
  RadiographFacts facts_;
  SharedSettings settings_;
  SourceContext context_;
  mutable absl::optional<DisplayCurve> shown_;  ///< the curve of DisplayImage, fitted to the data
};

/// 8-bit samples in big endian 16-bit words lie in swapped pairs (PS3.5, 8.2).
std::string SwapPairs(absl::string_view bytes) {
  std::string swapped(bytes);
  for (std::size_t i = 0; i + 1 < swapped.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
  return swapped;
}

absl::StatusOr<GrayImage> DicomRadiograph::DisplayImage() const {
  if (layout_.samples != 1 || layout_.frames != 1) {
    return Failure(FailureReason::kUndecodablePixelData,
                   absl::StrCat("The image has ", layout_.frames, " frame(s) of ", layout_.samples,
                                " sample(s) per pixel; expected one greyscale frame."));
  }
  absl::StatusOr<DisplayCurve> curve = DisplayCurve::Create(*instance_.dataset, layout_);
  if (!curve.ok()) return curve.status();
  absl::StatusOr<GrayImage> image = Map(*curve);
  if (image.ok()) shown_ = *std::move(curve);
  return image;
}

/// The range of the data decides how some images are shown.
absl::StatusOr<DisplayCurve> DicomRadiograph::ShownCurve() const {
  if (!shown_.has_value()) {
    const absl::StatusOr<GrayImage> image = DisplayImage();
    if (!image.ok()) return image.status();
  }
  return *shown_;
}

absl::StatusOr<GrayImage> DicomRadiograph::Map(DisplayCurve& curve) const {
  if (pixels_.encapsulated) {
    absl::StatusOr<DecodedFrame> decoded =
        DecodeFrame(pixels_.fragments, instance_.transfer_syntax_uid, layout_, settings_->limits);
    if (!decoded.ok()) return decoded.status();
    return MapToDisplay({decoded->bytes, decoded->layout}, curve);
  }
  if (!MayHoldNativeFrames(instance_.transfer_syntax_uid))
    return UnsupportedTransferSyntax(instance_.transfer_syntax_uid);
  if (instance_.big_endian && layout_.bits_allocated == 8 && instance_.pixels.word_vr) {
    const std::string swapped = SwapPairs(pixels_.native);
    return MapToDisplay({swapped, layout_}, curve);
  }
  return MapToDisplay({pixels_.native, layout_, instance_.big_endian}, curve);
}

class DicomReader : public RadiographReader {
 public:
  explicit DicomReader(DicomSettings settings)
      : settings_(std::make_shared<const DicomSettings>(std::move(settings))) {}

  [[nodiscard]] absl::StatusOr<std::unique_ptr<Radiograph>> Read(absl::string_view dicom) const override {
    return Guarded([&] { return Open(dicom); },
                   [](absl::string_view error) {
                     return Failure(FailureReason::kInternal, absl::StrCat("The instance cannot be read: ", error));
                   });
  }

 private:
  [[nodiscard]] absl::StatusOr<std::unique_ptr<Radiograph>> Open(absl::string_view dicom) const {
    absl::StatusOr<ParsedInstance> instance = ParseInstance(dicom, settings_->limits);
    if (!instance.ok()) return instance.status();
    absl::StatusOr<SourceIdentity> identity = ReadIdentity(*instance->dataset);
    if (!identity.ok()) return identity.status();
    absl::StatusOr<PixelLayout> layout = ReadPixelLayout(*instance->dataset, settings_->limits);
    if (!layout.ok()) return layout.status();
    absl::StatusOr<PixelData> pixels = LocatePixelData(instance->pixels, *layout);
    if (!pixels.ok()) return pixels.status();
    RadiographFacts facts = ReadFacts(*instance->dataset, *std::move(identity), *layout);
    return std::make_unique<DicomRadiograph>(*std::move(instance), *std::move(layout), *std::move(pixels),
                                             std::move(facts), settings_, dicom);
  }

  SharedSettings settings_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RadiographReader>> MakeDicomReader(DicomSettings settings) {
  SilenceDcmtk();
  RegisterDecoders();
  if (!dcmDataDict.isDictionaryLoaded()) {
    return Failure(FailureReason::kInternal,
                   "DCMTK's data dictionary was not found: install libdcmtk17, or name dicom.dic in DCMDICTPATH.");
  }
  return std::make_unique<DicomReader>(std::move(settings));
}

}  // namespace cxr
