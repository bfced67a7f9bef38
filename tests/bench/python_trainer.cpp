// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/python_trainer.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace cxr::bench {
namespace {

/// Debian's own interpreter: others earlier in PATH lack its packages.
constexpr char kPython[] = "/usr/bin/python3";

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string CommandLine(const TrainOptions& options, const std::string& folder, int steps, bool keep_memory) {
  const auto script = std::filesystem::canonical("/proc/self/exe").parent_path() / "training_throughput.py";
  std::ostringstream line;
  line << "exec " << kPython << " -B " << Quoted(script.string()) << " --data " << Quoted(folder) << " --precision "
       << (options.precision == Precision::kBfloat16 ? "bfloat16" : "float32") << " --steps " << steps
       << " --batch-size " << options.batch_size << " --threads " << options.threads << " --loaders " << options.loaders
       << (keep_memory ? " --keep-memory" : "");
  return line.str();
}

void TakeLine(const std::string& text, PythonRun& run) {
  std::istringstream line(text);
  std::string word;
  line >> word;
  StepTimes step;
  if (word == "step" && line >> step.wait >> step.forward >> step.backward >> step.update) {
    run.steps.push_back(step);
  } else if (word == "torch") {
    run.versions = text.substr(0, text.find('\n'));
  }
}

}  // namespace

PythonRun TrainInPython(const TrainOptions& options, const std::string& folder, int steps, bool keep_memory) {
  std::FILE* pipe = popen(CommandLine(options, folder, steps, keep_memory).c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error(std::string("cannot run ") + kPython);
  PythonRun run;
  char line[512];
  while (std::fgets(line, sizeof(line), pipe) != nullptr) TakeLine(line, run);
  if (pclose(pipe) != 0 || run.steps.size() != static_cast<std::size_t>(steps))
    throw std::runtime_error("training_throughput.py did not run to its end");
  return run;
}

}  // namespace cxr::bench
