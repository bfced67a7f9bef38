// SPDX-License-Identifier: Apache-2.0
#include "service/app/model_trial.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "service/app/warm_up.h"
#include "service/model/model_classifier.h"

extern char** environ;  // NOLINT: POSIX gives it no header

namespace cxr {
namespace {

constexpr std::size_t kMostWords = 4096;  ///< of what a child says

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // the sanitizers reserve terabytes of address space
#else
constexpr bool kSanitized = false;
#endif

void LowerLimit(int resource, rlim_t value) {
  rlimit limit{};
  getrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
  limit.rlim_cur = std::min(value, limit.rlim_max);
  setrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
}

void SetLimits(const ServiceConfig& config, const TrialLimits& limits) {
  LowerLimit(RLIMIT_CPU, static_cast<rlim_t>(limits.processor_time.count()));
  LowerLimit(RLIMIT_CORE, 0);
  if (config.device == "cpu" && !kSanitized) LowerLimit(RLIMIT_AS, static_cast<rlim_t>(limits.address_space));
}

/// A process that may write no regular file while this object lives; a pipe or a terminal it may.
class NoFiles {
 public:
  NoFiles() {
    std::signal(SIGXFSZ, SIG_IGN);  // the write fails instead of ending the process
    getrlimit(RLIMIT_FSIZE, &before_);
    LowerLimit(RLIMIT_FSIZE, 0);
  }
  ~NoFiles() { setrlimit(RLIMIT_FSIZE, &before_); }
  NoFiles(const NoFiles&) = delete;
  NoFiles& operator=(const NoFiles&) = delete;

 private:
  rlimit before_{};
};

/// The environment without the service's own variables: the arguments alone say what a child does.
std::vector<char*> EnvironmentOfTheTrial() {
  std::vector<char*> variables;  // few, and made once
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!absl::StartsWith(*variable, "CXR_SERVICE_")) variables.push_back(*variable);
  }
  variables.push_back(nullptr);
  return variables;
}

/// A child with its standard error in a pipe. Killed and waited for with the object.
class Child {
 public:
  explicit Child(const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
    pipe_ = ends[0];
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawnattr_t attributes{};
    posix_spawnattr_init(&attributes);
    sigset_t none{};
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    std::vector<char*> words;
    words.reserve(arguments.size() + 1);
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    if (posix_spawn(&pid_, words[0], &actions, &attributes, words.data(), EnvironmentOfTheTrial().data()) != 0)
      pid_ = -1;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
  }
  ~Child() {
    Kill();
    if (pid_ > 0 && !reaped_) Reap();
    if (pipe_ >= 0) close(pipe_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] bool started() const { return pid_ > 0; }
  [[nodiscard]] const std::string& words() const { return words_; }

  void Kill() const {
    if (pid_ > 0 && !reaped_) kill(pid_, SIGKILL);
  }

  /// Reads until the child's end or the deadline; false: the deadline passed.
  bool ReadAll(std::chrono::steady_clock::time_point deadline) {
    std::array<char, 512> buffer{};
    while (true) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) return false;
      pollfd waiting{pipe_, POLLIN, 0};
      const int ready = poll(&waiting, 1, static_cast<int>(left.count()));
      if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
      const ssize_t count = ready < 0 ? -1 : read(pipe_, buffer.data(), buffer.size());
      if (count <= 0) return true;
      if (words_.size() < kMostWords) words_.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

  /// Its wait status.
  int Reap() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    return status;
  }

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  bool reaped_ = false;
  std::string words_;
};

absl::Status Verdict(const std::string& model, int status, absl::string_view words, const TrialLimits& limits) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  if (WIFEXITED(status)) {
    const absl::string_view sentence = absl::StripSuffix(absl::StripPrefix(words, "cxr-service: "), "\n");
    return absl::InvalidArgumentError(sentence.empty() ? absl::StrCat(model, " cannot be loaded") : sentence);
  }
  if (WTERMSIG(status) == SIGXCPU) {
    return absl::InvalidArgumentError(absl::StrCat(model, " takes more than ", limits.processor_time.count(),
                                                   " s of processor time to load and warm; expected a second or so"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(model, " ended the process that loaded it (", strsignal(WTERMSIG(status)), ")"));
}

}  // namespace

absl::Status CheckModel(const ServiceConfig& config, const TrialLimits& limits) {
  SetLimits(config, limits);
  const NoFiles no_files;
  const absl::StatusOr<std::unique_ptr<Classifier>> classifier = LoadClassifier(config.model_dir, {config.device});
  if (!classifier.ok()) return classifier.status();
  return WarmUp(**classifier);
}

absl::Status TryModel(const std::string& executable, const ServiceConfig& config, const std::stop_token& stop,
                      const TrialLimits& limits) {
  Child child({executable, "--check-model", "--model", config.model_dir, "--device", config.device});
  if (!child.started()) return absl::InternalError(absl::StrCat("cannot start ", executable, " to try the model"));
  bool in_time = false;
  {
    const std::stop_callback kill_it(stop, [&child] { child.Kill(); });
    in_time = child.ReadAll(std::chrono::steady_clock::now() + limits.wall_time);
  }
  if (!in_time) child.Kill();
  const int status = child.Reap();
  if (stop.stop_requested()) return absl::CancelledError("stopped while the model was being tried");
  if (!in_time) {
    return absl::InvalidArgumentError(
        absl::StrCat(config.model_dir, " was not loaded and warmed within ", limits.wall_time.count(), " s"));
  }
  return Verdict(config.model_dir, status, child.words(), limits);
}

}  // namespace cxr
