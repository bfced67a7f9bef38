// SPDX-License-Identifier: Apache-2.0
#include "service/analyze/result_names.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "service/core/result_forms.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;

fs::path Comparable(const fs::path& path) {
  std::error_code error;
  fs::path result = fs::weakly_canonical(path, error);
  return error ? path : result;
}

bool WouldOverwrite(const std::string& stem, const std::set<fs::path>& files) {
  const auto taken = [&](absl::string_view suffix) { return files.count(Comparable(absl::StrCat(stem, suffix))) > 0; };
  return taken(".png") || std::any_of(ResultForms().begin(), ResultForms().end(),
                                      [&](const ResultForm& form) { return taken(form.file_suffix); });
}

}  // namespace

std::vector<ResultName> NameResults(const std::vector<std::string>& files, const std::string& out) {
  std::set<fs::path> inputs;
  std::set<std::string> own_stems;
  for (const std::string& file : files) {
    inputs.insert(Comparable(file));
    own_stems.insert((fs::path(out) / fs::path(file).stem()).string());
  }
  std::set<std::string> taken;
  std::vector<ResultName> names;
  for (const std::string& file : files) {
    const std::string own = (fs::path(out) / fs::path(file).stem()).string();
    ResultName name{own, false};
    for (int number = 2; taken.count(name.stem) > 0 || WouldOverwrite(name.stem, inputs) ||
                         (name.renamed && own_stems.count(name.stem) > 0);
         ++number) {
      name = {absl::StrCat(own, "-", number), true};
    }
    taken.insert(name.stem);
    names.push_back(name);
  }
  return names;
}

}  // namespace cxr
