// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/trainer/generated_data.h"
#include "trainer/cli/train.h"

namespace cxr {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// cxr-train in a process of its own, so that it can be killed. CXR_TRAIN is its path.
class Process {
 public:
  Process(std::vector<std::string> arguments, const fs::path& log) {
    arguments.insert(arguments.begin(), CXR_TRAIN);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    id_ = fork();
    if (id_ == 0) {
      if (std::freopen(log.c_str(), "w", stderr) != nullptr && std::freopen("/dev/null", "w", stdout) != nullptr)
        execv(CXR_TRAIN, pointers.data());
      _exit(127);
    }
  }

  void Kill() const { kill(id_, SIGKILL); }

  /// What waitpid says of its end.
  [[nodiscard]] int Wait() const {
    int status = -1;
    waitpid(id_, &status, 0);
    return status;
  }

 private:
  pid_t id_ = -1;
};

/// Tells when a file of a name is renamed into a folder.
class RenameWatch {
 public:
  RenameWatch(const fs::path& folder, std::string name)
      : name_(std::move(name)), descriptor_(inotify_init1(IN_CLOEXEC)) {
    inotify_add_watch(descriptor_, folder.c_str(), IN_MOVED_TO);
  }
  ~RenameWatch() { close(descriptor_); }
  RenameWatch(const RenameWatch&) = delete;
  RenameWatch& operator=(const RenameWatch&) = delete;

  /// Returns after `count` renames.
  void Await(int count) const {
    alignas(inotify_event) std::array<char, 4096> buffer{};
    while (count > 0) {
      const ssize_t length = read(descriptor_, buffer.data(), buffer.size());
      ASSERT_GT(length, 0);
      for (ssize_t at = 0; at < length;) {
        inotify_event event{};
        std::memcpy(&event, buffer.data() + at, sizeof(event));
        at += static_cast<ssize_t>(sizeof(event));
        if (name_ == buffer.data() + at) --count;
        at += static_cast<ssize_t>(event.len);
      }
    }
  }

 private:
  std::string name_;
  int descriptor_;
};

std::vector<std::string> Command(const fs::path& folder, const std::string& run) {
  return {"train",
          "--data",
          (folder / "data").string(),
          "--backbone",
          "none",
          "--out",
          (folder / run).string(),
          "--image-size",
          "64",
          "--batch-size",
          "4",
          "--threads",
          "1",
          "--loaders",
          "2",
          "--frozen-epochs",
          "1",
          "--frozen-views",
          "1",
          "--fine-tune-epochs",
          "2",
          "--checkpoint-steps",
          "2",
          "--early-stop-metric",
          "accuracy",
          "--keep-best",
          "--learning-rate",
          "5e-4"};
}

TEST(Resume, AfterKillInMidEpochGivesTheWeightsOfAnUninterruptedRun) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 12, 3);
  const Process whole(Command(folder.path(), "whole"), folder.path() / "whole.log");
  ASSERT_EQ(whole.Wait(), 0) << test::Content(folder.path() / "whole.log");
  EXPECT_THAT(test::Content(folder.path() / "whole.log"), HasSubstr("% for pictures"));

  fs::create_directories(folder.path() / "killed");
  const RenameWatch watch(folder.path() / "killed", "checkpoint.pt");
  const Process killed(Command(folder.path(), "killed"), folder.path() / "killed.log");
  watch.Await(3);  // checkpoints: at the start, after 2 batches, after 4 of the first epoch
  killed.Kill();
  ASSERT_TRUE(WIFSIGNALED(killed.Wait()));
  ASSERT_FALSE(fs::exists(folder.path() / "killed/model"));

  const Process refused(Command(folder.path(), "killed"), folder.path() / "refused.log");
  EXPECT_EQ(WEXITSTATUS(refused.Wait()), 1);
  EXPECT_THAT(test::Content(folder.path() / "refused.log"), HasSubstr("--resume"));

  const std::string config = (folder.path() / "killed/config.toml").string();
  const Process resumed({"train", "--config", config, "--resume"}, folder.path() / "resumed.log");
  const std::string log_name = (folder.path() / "resumed.log").string();
  ASSERT_EQ(resumed.Wait(), 0) << test::Content(log_name);
  EXPECT_THAT(test::Content(log_name), testing::ContainsRegex("resumes in epoch 1 of 2 after [4-9] batches"));
  // Of binary files that differ the macro for two values would look for the shortest difference, which takes all
  // memory.
  EXPECT_TRUE(test::Content(folder.path() / "killed/model/model.pt") ==
              test::Content(folder.path() / "whole/model/model.pt"));
  EXPECT_EQ(test::Content(folder.path() / "killed/curves.csv"), test::Content(folder.path() / "whole/curves.csv"));
  EXPECT_EQ(test::Content(folder.path() / "killed/predictions.csv"),
            test::Content(folder.path() / "whole/predictions.csv"));

  const std::string checkpoint = (folder.path() / "whole/checkpoint.pt").string();
  const std::string model = (folder.path() / "exported").string();
  const Process exported({"export", "--checkpoint", checkpoint, "--out", model, "--threads", "1"},
                         folder.path() / "exported.log");
  ASSERT_EQ(exported.Wait(), 0) << test::Content(folder.path() / "exported.log");
  for (const char* file : {"model.pt", "manifest.json", "MODEL_CARD.md"})
    EXPECT_TRUE(test::Content(folder.path() / "exported" / file) == test::Content(folder.path() / "whole/model" / file))
        << file;
}

/// A finished run of two steps whose checkpoint can be tried.
TrainOptions FinishedRun(const fs::path& folder) {
  test::DrawThreeClasses(folder / "data", 4, 3);
  TrainOptions options;
  options.data = (folder / "data").string();
  options.backbone = "none";
  options.out = (folder / "run").string();
  options.image_size = 32;
  options.threads = 1;
  options.frozen_epochs = 0;
  options.fine_tune_epochs = 1;
  options.config = "train.learning-rate=0.001\ntrain.threads=1\n";
  return options;
}

TEST(Resume, NamesTheOptionThatDiffersAndAllowsThoseThatDoNotMatter) {
  const test::TestFolder folder;
  TrainOptions options = FinishedRun(folder.path());
  const StopSignal stop;
  ASSERT_TRUE(Train(options, stop).ok());
  options.resume = true;
  options.config = "train.learning-rate=1e-3\ntrain.threads=7\n";
  EXPECT_TRUE(Train(options, stop).ok()) << "there is nothing left to do, and that is no error";
  options.config = "train.learning-rate=0.002\ntrain.threads=1\n";
  const std::string message(Train(options, stop).message());
  EXPECT_TRUE(fs::exists(folder.path() / "run/model/manifest.json")) << "the finished run is left alone";
  EXPECT_THAT(message, HasSubstr("train.learning-rate was 0.001 when the checkpoint was written and is 0.002 now"));
}

TEST(Resume, RefusesOtherDataAndBrokenCheckpoints) {
  const test::TestFolder folder;
  TrainOptions options = FinishedRun(folder.path());
  const StopSignal stop;
  ASSERT_TRUE(Train(options, stop).ok());
  options.resume = true;
  fs::rename(folder.path() / "data/VIRUS/person4_virus_1.jpeg", folder.path() / "data/VIRUS/person5_virus_1.jpeg");
  EXPECT_THAT(std::string(Train(options, stop).message()), HasSubstr("not those of the checkpoint"));
  const std::string path = (folder.path() / "run/checkpoint.pt").string();
  fs::resize_file(path, fs::file_size(path) / 2);
  EXPECT_THAT(std::string(Train(options, stop).message()), HasSubstr(path + " is no whole checkpoint"));
}

/// Data with a test image that cannot be read: training ends between the metrics of validation and the card.
void DrawWithBrokenTestImage(const fs::path& folder) {
  test::DrawThreeClasses(folder / "images", 4, 3);
  std::ofstream csv(folder / "data.csv");
  csv << "file,label,patient,split\n";
  for (const char* label : {"BACTERIA", "NORMAL", "VIRUS"}) {
    int number = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder / "images" / label)) {
      const char* split = number == 0 ? "validation" : "train";
      csv << "images/" << label << "/" << entry.path().filename().string() << "," << label << "," << label << number++
          << "," << split << "\n";
    }
  }
  std::ofstream(folder / "images/test.png") << "no image";
  csv << "images/test.png,VIRUS,last,test\n";
}

/// What is in `folder`/run after its training ended between the metrics and the card: begun again without --resume, the
/// run is refused and keeps its checkpoint.
void ExpectAnInterruptedRunThatKeepsItsCheckpoint(const fs::path& folder, const std::vector<std::string>& command) {
  EXPECT_TRUE(fs::exists(folder / "run/metrics.json"));
  EXPECT_TRUE(fs::exists(folder / "run/model/manifest.json"));
  EXPECT_FALSE(fs::exists(folder / "run/model/MODEL_CARD.md"));
  const std::string checkpoint = test::Content(folder / "run/checkpoint.pt");
  const Process refused(command, folder / "refused.log");
  EXPECT_EQ(WEXITSTATUS(refused.Wait()), 1);
  EXPECT_THAT(test::Content(folder / "refused.log"), HasSubstr("--resume"));
  EXPECT_TRUE(test::Content(folder / "run/checkpoint.pt") == checkpoint) << "it is kept";
}

/// With --resume the run ends as a whole one does, without another step of training.
void ExpectToEndWithResume(const fs::path& folder, std::vector<std::string> command) {
  command.push_back("--resume");
  const Process resumed(command, folder / "resumed.log");
  ASSERT_EQ(resumed.Wait(), 0) << test::Content(folder / "resumed.log");
  EXPECT_THAT(test::Content(folder / "resumed.log"), HasSubstr("resumes in epoch 3 of 2"));
  EXPECT_TRUE(fs::exists(folder / "run/metrics.json"));
  EXPECT_TRUE(fs::exists(folder / "run/model/MODEL_CARD.md"));
}

TEST(Resume, GoesOnWithARunThatFailedBetweenItsMetricsAndItsCard) {
  const test::TestFolder folder;
  DrawWithBrokenTestImage(folder.path());
  std::vector<std::string> command = Command(folder.path(), "run");
  command[2] = (folder.path() / "data.csv").string();
  const Process broken(command, folder.path() / "broken.log");
  EXPECT_EQ(WEXITSTATUS(broken.Wait()), 1);
  EXPECT_THAT(test::Content(folder.path() / "broken.log"), HasSubstr("test.png"));
  ExpectAnInterruptedRunThatKeepsItsCheckpoint(folder.path(), command);

  fs::copy_file(fs::directory_iterator(folder.path() / "images/VIRUS")->path(), folder.path() / "images/test.png",
                fs::copy_options::overwrite_existing);
  ExpectToEndWithResume(folder.path(), command);
  EXPECT_TRUE(fs::exists(folder.path() / "run/test/metrics.json"));
}

TEST(Resume, GoesOnWithARunThatWasKilledBetweenItsMetricsAndItsCard) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 4, 3);
  fs::create_directories(folder.path() / "run/model");
  // The card is written under this name first. A pipe without a reader cannot be opened to write, so that the process
  // gets as far as the card and no further, however long the kill takes to reach it.
  const fs::path pipe = folder.path() / "run/model/MODEL_CARD.md.partial";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const RenameWatch watch(folder.path() / "run", "metrics.json");
  const std::vector<std::string> command = Command(folder.path(), "run");
  const Process killed(command, folder.path() / "killed.log");
  watch.Await(1);
  killed.Kill();
  ASSERT_TRUE(WIFSIGNALED(killed.Wait())) << test::Content(folder.path() / "killed.log");
  ExpectAnInterruptedRunThatKeepsItsCheckpoint(folder.path(), command);

  fs::remove(pipe);
  ExpectToEndWithResume(folder.path(), command);
}

TEST(Resume, IsNotNeededForARunThatIsFinished) {
  const test::TestFolder folder;
  TrainOptions options = FinishedRun(folder.path());
  const StopSignal stop;
  ASSERT_TRUE(Train(options, stop).ok());
  EXPECT_TRUE(Train(options, stop).ok()) << "it begins anew";
  fs::remove(folder.path() / "run/model/MODEL_CARD.md");
  EXPECT_TRUE(absl::IsAlreadyExists(Train(options, stop))) << "without its card it would count as interrupted";
}

/// Takes the pending signal away again, so that it does not end the test once it is unblocked.
void Consume(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  int received = 0;
  sigwait(&set, &received);
}

TEST(Train, StopsAtASignalAndLeavesNoModel) {
  const test::TestFolder folder;
  test::DrawThreeClasses(folder.path() / "data", 4, 1);
  TrainOptions options;
  options.data = (folder.path() / "data").string();
  options.backbone = "none";
  options.out = (folder.path() / "run").string();
  options.image_size = 32;
  const StopSignal stop;
  raise(SIGINT);
  const absl::Status status = Train(options, stop);
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "run" / "model"));
  Consume(SIGINT);
}

}  // namespace
}  // namespace cxr
