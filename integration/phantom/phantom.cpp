// SPDX-License-Identifier: Apache-2.0
#include "integration/phantom/phantom.h"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <vector>

namespace cxr {
namespace {

// Everything is drawn on a canvas of this size, in brightness 0 to 1, and scaled at the end: brightness stands for the
// attenuation along a ray, so structures that lie behind each other add up as on a radiograph.
constexpr int kCanvas = 1024;
constexpr double kDegree = CV_PI / 180;

using Curve = std::vector<cv::Point>;

cv::Mat1f Blank() {
  return cv::Mat1f::zeros(kCanvas, kCanvas);
}

void Soften(cv::Mat1f& layer, double sigma) {
  cv::GaussianBlur(layer, layer, {}, sigma);
}

cv::Mat1f Filled(const Curve& outline, double sigma) {
  cv::Mat1f layer = Blank();
  cv::fillPoly(layer, std::vector<Curve>{outline}, cv::Scalar(1), cv::LINE_8);
  Soften(layer, sigma);
  return layer;
}

cv::Mat1f Ellipse(cv::Point centre, cv::Size axes, double angle, double sigma) {
  cv::Mat1f layer = Blank();
  cv::ellipse(layer, centre, axes, angle, 0, 360, cv::Scalar(1), cv::FILLED);
  Soften(layer, sigma);
  return layer;
}

Curve Mirrored(Curve curve) {
  for (cv::Point& point : curve) point.x = kCanvas - point.x;
  return curve;
}

/// A closed curve through the points, rounded (Catmull-Rom).
Curve Rounded(const Curve& points) {
  const std::size_t n = points.size();
  Curve curve;
  for (std::size_t i = 0; i < n; ++i) {
    const cv::Point2d a = points[(i + n - 1) % n];
    const cv::Point2d b = points[i];
    const cv::Point2d c = points[(i + 1) % n];
    const cv::Point2d d = points[(i + 2) % n];
    for (double t = 0; t < 1; t += 0.05) {
      const cv::Point2d p =
          0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
      curve.emplace_back(p);
    }
  }
  return curve;
}

cv::Mat1f Torso() {
  const Curve half = {{512, 0},  {400, 0},   {398, 70},  {330, 118}, {170, 150}, {60, 215},  {20, 330},
                      {60, 420}, {110, 520}, {118, 700}, {100, 880}, {92, 1100}, {512, 1100}};
  cv::Mat1f torso = Filled(half, 1) + Filled(Mirrored(half), 1);
  torso = cv::min(torso, 1.0);
  Soften(torso, 9);
  return torso;
}

Curve RightLung() {  // of the patient: left in the image
  return Rounded({{405, 160},
                  {335, 190},
                  {268, 290},
                  {222, 430},
                  {190, 590},
                  {172, 740},
                  {178, 812},
                  {260, 752},
                  {350, 728},
                  {432, 770},
                  {446, 640},
                  {452, 500},
                  {458, 340},
                  {450, 220}});
}

Curve LeftLung() {
  return Rounded({{619, 160},
                  {689, 190},
                  {756, 290},
                  {802, 430},
                  {834, 590},
                  {852, 750},
                  {848, 832},
                  {770, 780},
                  {700, 762},
                  {690, 700},
                  {652, 590},
                  {596, 500},
                  {572, 400},
                  {570, 300},
                  {578, 210}});
}

/// Soft tissue, lungs, heart and great vessels.
cv::Mat1f SoftParts(const cv::Mat1f& torso, const cv::Mat1f& lungs) {
  cv::Mat1f image = 0.015 + 0.44 * torso;
  image += 0.10 * Ellipse({512, 900}, {330, 190}, 0, 70).mul(torso);  // abdomen
  image -= 0.33 * lungs;
  image += 0.17 * Ellipse({568, 622}, {122, 148}, -32, 14);                                          // heart
  image += 0.10 * Ellipse({470, 610}, {52, 110}, 0, 16);                                             // right atrium
  image += 0.10 * Ellipse({512, 400}, {62, 250}, 0, 18);                                             // mediastinum
  image += 0.07 * Ellipse({562, 372}, {42, 46}, 0, 9);                                               // aortic knob
  image -= 0.09 * Filled({{500, 60}, {526, 60}, {528, 372}, {498, 372}}, 7);                         // trachea
  image += 0.05 * (Ellipse({438, 470}, {34, 62}, 12, 16) + Ellipse({598, 462}, {34, 60}, -12, 16));  // hila
  return image;
}

/// A rib of the right side: from the spine outwards behind, around the flank, and inwards and down in front.
Curve Rib(int number, bool behind) {
  const double spine_y = 150 + 58.0 * number;
  const double height = (860 - spine_y - 70) / 760;
  const double reach = 340 * std::sqrt(1 - height * height) - 12;  // a little outside the lung
  constexpr double kFlank = 1.7;
  Curve curve;
  for (double t = 0; t <= 1.001; t += 0.04) {
    const double angle = behind ? kFlank * t : kFlank + 0.85 * t;
    const double arch = behind ? -34 * std::sin(CV_PI * t) * (1 - t) : 0;
    curve.emplace_back(
        cv::Point(cv::Point2d(482 - reach * std::sin(angle), spine_y + arch + 74 * (1 - std::cos(angle)))));
  }
  return curve;
}

cv::Mat1f Ribs(const cv::Mat1f& torso) {
  cv::Mat1f edges = Blank();
  cv::Mat1f bodies = Blank();
  for (int number = 0; number < 10; ++number) {
    for (const bool behind : {true, false}) {
      if (!behind && number > 6) continue;
      const Curve right = Rib(number, behind);
      const int width = 16 + number;
      const double density = behind ? 1.0 : 0.7;
      cv::Mat1f outer = Blank();
      cv::polylines(outer, std::vector<Curve>{right, Mirrored(right)}, false, cv::Scalar(density), width, cv::LINE_AA);
      cv::Mat1f inner = Blank();
      cv::polylines(inner, std::vector<Curve>{right, Mirrored(right)}, false, cv::Scalar(density), width - 7,
                    cv::LINE_AA);
      bodies = cv::max(bodies, outer) + 0.4 * cv::min(bodies, outer);
      edges = cv::max(edges, outer - inner);  // the cortex attenuates most
    }
  }
  Soften(bodies, 2.4);
  Soften(edges, 1.6);
  return (0.06 * bodies + 0.04 * edges).mul(torso);
}

cv::Mat1f SpineAndShoulders() {
  cv::Mat1f bones = 0.07 * Filled({{478, 0}, {546, 0}, {556, 1023}, {468, 1023}}, 5);
  for (int i = 0; i < 17; ++i) {
    const int y = 20 + 60 * i;
    bones += 0.035 * Filled({{476, y}, {548, y}, {548, y + 44}, {476, y + 44}}, 3);
    bones += 0.03 * Ellipse({512, y + 30}, {7, 13}, 0, 2.5);
  }
  const Curve clavicle = {{470, 206}, {420, 190}, {340, 176}, {260, 184}, {190, 168}, {150, 176}};
  cv::Mat1f shoulders = Blank();
  cv::polylines(shoulders, std::vector<Curve>{clavicle, Mirrored(clavicle)}, false, cv::Scalar(1), 22, cv::LINE_AA);
  for (const int x : {112, kCanvas - 112}) {
    cv::ellipse(shoulders, {x, 240}, {44, 50}, 0, 0, 360, cv::Scalar(0.9), cv::FILLED);
    cv::line(shoulders, {x, 240}, {x < kCanvas / 2 ? 52 : kCanvas - 52, 460}, cv::Scalar(0.9), 46, cv::LINE_AA);
  }
  Soften(shoulders, 3.5);
  return bones + 0.14 * shoulders;
}

void GrowVessel(cv::Mat1f& layer, cv::Point2d from, double angle, double length, double width, cv::RNG& random) {
  if (width < 1 || length < 8) return;
  const cv::Point2d to = from + length * cv::Point2d(std::cos(angle), std::sin(angle));
  cv::line(layer, from, to, cv::Scalar(0.35 + 0.07 * width), static_cast<int>(width), cv::LINE_AA);
  GrowVessel(layer, to, angle + random.uniform(0.1, 0.5), length * random.uniform(0.72, 0.9), width * 0.78, random);
  GrowVessel(layer, to, angle - random.uniform(0.1, 0.5), length * random.uniform(0.72, 0.9), width * 0.78, random);
}

cv::Mat1f Vessels(const cv::Mat1f& lungs, cv::RNG& random) {
  cv::Mat1f layer = Blank();
  for (double angle = -75; angle <= 80; angle += 26) {
    GrowVessel(layer, {610, 462}, angle * kDegree, 62, 9, random);
    GrowVessel(layer, {420, 470}, (180 - angle) * kDegree, 62, 9, random);
  }
  Soften(layer, 2.0);
  return 0.10 * layer.mul(lungs);
}

/// Air spaces filled in patches, densest in the middle.
cv::Mat1f Consolidation(const cv::Mat1f& lungs, cv::RNG& random) {
  cv::Mat1f patches = Blank();
  for (int i = 0; i < 70; ++i) {
    const cv::Point centre(302 + static_cast<int>(random.gaussian(46)), 622 + static_cast<int>(random.gaussian(52)));
    const int radius = random.uniform(14, 38);
    cv::Mat1f patch = Blank();
    cv::circle(patch, centre, radius, cv::Scalar(1), cv::FILLED);
    patches += patch;
  }
  Soften(patches, 11);
  cv::Mat1f density;
  cv::exp(-0.35 * patches, density);
  return 0.45 * (1.0 - density).mul(lungs);
}

/// Bedside radiographs show the thorax alone, and scatter takes their contrast.
cv::Mat1f TakenAtTheBedside(const cv::Mat1f& image) {
  cv::Mat1f thorax;
  cv::resize(image(cv::Rect(100, 120, 824, 740)), thorax, image.size(), 0, 0, cv::INTER_CUBIC);
  Soften(thorax, 4.5);
  return 0.6 * thorax;
}

void WriteMarkers(cv::Mat1f& image) {
  cv::putText(image, "R", {70, 110}, cv::FONT_HERSHEY_DUPLEX, 2.0, cv::Scalar(1.2), 4, cv::LINE_AA);
  cv::putText(image, "PHANTOM", {806, 100}, cv::FONT_HERSHEY_DUPLEX, 1.0, cv::Scalar(1.2), 2, cv::LINE_AA);
}

/// Quantum noise grows where fewer rays arrive; grain is that of the final size.
GrayImage Exposed(const cv::Mat1f& canvas, const PhantomOptions& options, cv::RNG& random) {
  cv::Mat1f transmitted;  // what lies behind each other adds up, and the radiograph answers ever less
  cv::exp(-1.3 * canvas, transmitted);
  const cv::Mat1f developed = 1.28 * (1.0 - transmitted);
  cv::Mat1f exposed;
  cv::resize(developed, exposed, {options.columns, options.rows}, 0, 0, cv::INTER_CUBIC);
  cv::Mat1f noise(exposed.size());
  random.fill(noise, cv::RNG::NORMAL, 0.0, 1.0);
  cv::GaussianBlur(noise, noise, {}, 0.8);
  exposed += 0.02 * noise.mul(0.4 + exposed);
  GrayImage image{options.rows, options.columns, {}};
  image.pixels.resize(exposed.total());
  cv::Mat1b pixels(options.rows, options.columns, image.pixels.data());
  exposed.convertTo(pixels, CV_8U, 255.0);
  return image;
}

}  // namespace

GrayImage DrawChestPhantom(const PhantomOptions& options) {
  constexpr int kLeast = 16;
  constexpr int kMost = 8192;
  if (options.rows < kLeast || options.rows > kMost || options.columns < kLeast || options.columns > kMost) {
    throw std::invalid_argument("a phantom has 16 to 8192 rows and columns");
  }
  cv::RNG random(options.seed);
  const cv::Mat1f torso = Torso();
  const cv::Mat1f lungs = Filled(RightLung(), 5) + Filled(LeftLung(), 5);
  cv::Mat1f image = SoftParts(torso, lungs);
  image += Ribs(torso) + SpineAndShoulders().mul(torso) + Vessels(lungs, random);
  if (options.consolidation) image += Consolidation(lungs, random);
  if (options.bedside) image = TakenAtTheBedside(image);
  WriteMarkers(image);
  return Exposed(image, options, random);
}

}  // namespace cxr
