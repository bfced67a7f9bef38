// SPDX-License-Identifier: Apache-2.0
#include "service/model/engine/script_inspection.h"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <iterator>
#include <sstream>
#include <stdexcept>
#include <unordered_set>

namespace cxr {
namespace {

/// What a convolutional classifier is made of, and the bookkeeping with shapes that torch.jit.script and
/// torch.jit.trace leave in a graph: layers, activations, pooling and reduction, arithmetic, shapes, then numbers,
/// lists and conditions. No operator here writes outside its result, draws random numbers (dropout is an identity once
/// the module is in evaluation mode) or runs without bound.
constexpr char kKnownOperators[] = R"(
    aten::conv2d aten::_convolution aten::convolution aten::batch_norm aten::layer_norm aten::group_norm aten::linear
    aten::addmm aten::mm aten::matmul aten::bmm aten::dropout aten::dropout_ aten::feature_dropout
    aten::constant_pad_nd aten::pad aten::zero_pad2d
    aten::relu aten::relu_ aten::relu6 aten::relu6_ aten::hardtanh aten::hardtanh_ aten::hardswish aten::hardswish_
    aten::hardsigmoid aten::hardsigmoid_ aten::silu aten::silu_ aten::sigmoid aten::sigmoid_ aten::gelu aten::elu
    aten::leaky_relu aten::leaky_relu_ aten::prelu aten::tanh aten::softmax aten::log_softmax
    aten::max_pool2d aten::avg_pool2d aten::adaptive_avg_pool2d aten::adaptive_max_pool2d aten::mean aten::amax
    aten::amin aten::max aten::min aten::sum aten::norm
    aten::add aten::add_ aten::sub aten::sub_ aten::rsub aten::mul aten::mul_ aten::div aten::div_ aten::neg
    aten::pow aten::sqrt aten::rsqrt aten::exp aten::log aten::abs aten::clamp aten::clamp_ aten::floordiv
    aten::floor_divide aten::remainder aten::floor aten::ceil
    aten::flatten aten::view aten::reshape aten::permute aten::transpose aten::t aten::squeeze aten::unsqueeze
    aten::contiguous aten::flip aten::cat aten::stack aten::chunk aten::split aten::slice aten::select aten::narrow
    aten::expand aten::expand_as aten::size aten::dim aten::len aten::detach aten::to aten::type_as aten::alias
    aten::clone aten::numel
    aten::Int aten::Float aten::Bool aten::IntImplicit aten::FloatImplicit aten::ScalarImplicit aten::eq aten::ne
    aten::lt aten::le aten::gt aten::ge aten::__and__ aten::__or__ aten::__not__ aten::__is__ aten::__isnot__
    aten::__getitem__ aten::__contains__ aten::append aten::list aten::format aten::is_floating_point prim::Constant
    prim::ListConstruct prim::ListUnpack prim::TupleConstruct prim::TupleUnpack prim::TupleIndex prim::GetAttr
    prim::If prim::RaiseException prim::Uninitialized prim::NumToTensor prim::unchecked_cast
    prim::unchecked_unwrap_optional prim::dtype prim::device prim::layout prim::shape prim::is_cuda prim::data
    prim::min prim::max
)";

const std::unordered_set<std::string>& KnownOperators() {
  static const std::unordered_set<std::string> known = [] {
    std::istringstream words(kKnownOperators);
    return std::unordered_set<std::string>(std::istream_iterator<std::string>(words), {});
  }();
  return known;
}

void CheckBlock(const torch::jit::Block& block, const std::string& method) {
  for (const torch::jit::Node* node : block.nodes()) {
    const std::string kind = node->kind().toQualString();
    if (KnownOperators().count(kind) == 0) {
      std::ostringstream refusal;
      refusal << "the model's method \"" << method << "\" uses the operator " << kind
              << ", which is not one that a classifier of images needs";
      throw std::runtime_error(refusal.str());
    }
    for (const torch::jit::Block* inner : node->blocks()) CheckBlock(*inner, method);
  }
}

bool StartsWith(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

}  // namespace

void RefuseCodeThatRunsOnLoading(const std::string& archive) {
  std::istringstream stream(archive);
  caffe2::serialize::PyTorchStreamReader reader(&stream);
  for (const std::string& name : reader.getAllRecords()) {
    const bool is_code = StartsWith(name, "code/");
    if (!is_code && name != "data.pkl" && name != "constants.pkl") continue;
    const auto [bytes, size] = reader.getRecord(name);
    const std::string text(static_cast<const char*>(bytes.get()), size);
    if (is_code && text.find("__setstate__") != std::string::npos) {
      throw std::runtime_error("the model brings code that runs while it is loaded (__setstate__ in " + name + ")");
    }
    if (text.find("torch.classes") != std::string::npos) {
      throw std::runtime_error("the model uses a C++ class of LibTorch (torch.classes in " + name +
                               "); expected plain modules and tensors");
    }
  }
}

void RefuseUnknownOperators(const torch::jit::Module& module, const std::vector<std::string>& methods) {
  for (const std::string& name : methods) {
    const std::shared_ptr<torch::jit::Graph> graph = module.get_method(name).graph()->copy();
    torch::jit::Inline(*graph);
    CheckBlock(*graph->block(), name);
  }
}

}  // namespace cxr
