// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/core/availability.h"

#include <gtest/gtest.h>

#include "plugin/core/service_error.h"

namespace cxr::plugin {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1000);
const Backoff kBackoff{absl::Seconds(1), absl::Seconds(30)};

absl::Status Away() {
  return ServiceError(absl::StatusCode::kUnavailable, "", "away");
}

FailureKind Classify(absl::StatusCode code, const char* reason = "") {
  return ClassifyServiceError(ServiceError(code, reason, "text"));
}

TEST(ServiceError, WaitsForAServiceThatIsAwayOrMisconfigured) {
  EXPECT_EQ(Classify(absl::StatusCode::kUnavailable), FailureKind::kServiceAway);
  EXPECT_EQ(Classify(absl::StatusCode::kUnavailable, "NOT_SERVING"), FailureKind::kServiceAway);
  EXPECT_EQ(Classify(absl::StatusCode::kResourceExhausted, "OVERLOADED"), FailureKind::kServiceAway);
  EXPECT_EQ(Classify(absl::StatusCode::kUnauthenticated), FailureKind::kServiceAway);
  EXPECT_EQ(Classify(absl::StatusCode::kPermissionDenied), FailureKind::kServiceAway);
  EXPECT_EQ(Classify(absl::StatusCode::kUnimplemented), FailureKind::kServiceAway);  // some other server
}

TEST(ServiceError, RepeatsWhatMayPass) {
  for (const absl::StatusCode code : {absl::StatusCode::kDeadlineExceeded, absl::StatusCode::kInternal,
                                      absl::StatusCode::kUnknown, absl::StatusCode::kAborted}) {
    EXPECT_EQ(Classify(code), FailureKind::kTransient) << absl::StatusCodeToString(code);
  }
}

TEST(ServiceError, GivesUpAtOnceOnWhatTheInstanceIsToBlameFor) {
  EXPECT_EQ(Classify(absl::StatusCode::kInvalidArgument, "NO_PIXEL_DATA"), FailureKind::kPermanent);
  EXPECT_EQ(Classify(absl::StatusCode::kUnimplemented, "UNSUPPORTED_TRANSFER_SYNTAX"), FailureKind::kPermanent);
  EXPECT_EQ(Classify(absl::StatusCode::kFailedPrecondition), FailureKind::kPermanent);
  EXPECT_EQ(Classify(absl::StatusCode::kResourceExhausted, kMessageTooLarge), FailureKind::kPermanent);
}

TEST(ServiceError, NamesTheReasonOrElseTheCode) {
  EXPECT_EQ(ReasonOf(ServiceError(absl::StatusCode::kInvalidArgument, "TRUNCATED", "text")), "TRUNCATED");
  EXPECT_EQ(ReasonOf(ServiceError(absl::StatusCode::kDeadlineExceeded, "", "text")), "DEADLINE_EXCEEDED");
}

TEST(Availability, CallsOneAtATimeAfterAPauseWhileTheServiceIsAway) {
  Availability health(kBackoff);
  EXPECT_TRUE(health.MayCall(kNow, 7));
  EXPECT_TRUE(health.ReportAway(Away(), kNow, kNow, 1));
  EXPECT_FALSE(health.MayCall(kNow, 0));
  EXPECT_TRUE(health.MayCall(kNow + absl::Seconds(1), 0));
  EXPECT_FALSE(health.MayCall(kNow + absl::Seconds(1), 1));
}

TEST(Availability, LengthensThePauseOncePerAttemptAndNotPerCallInFlight) {
  Availability health(kBackoff);
  EXPECT_TRUE(health.ReportAway(Away(), kNow, kNow, 1));
  EXPECT_FALSE(health.ReportAway(Away(), kNow - absl::Seconds(1), kNow, 1));  // began together with the first
  EXPECT_EQ(health.NextCall(), kNow + absl::Seconds(1));
  const absl::Time later = kNow + absl::Seconds(1);
  EXPECT_FALSE(health.ReportAway(Away(), later, later, 1));
  EXPECT_EQ(health.NextCall(), later + absl::Seconds(2));
}

TEST(Availability, ReturnsToFullSpeedWithOneAnswer) {
  Availability health(kBackoff);
  EXPECT_FALSE(health.ReportServing());
  EXPECT_TRUE(health.ReportAway(Away(), kNow, kNow, 1));
  EXPECT_TRUE(health.ReportServing());
  EXPECT_TRUE(health.MayCall(kNow, 7));
  EXPECT_TRUE(health.ReportAway(Away(), kNow, kNow, 1));
  EXPECT_EQ(health.NextCall(), kNow + absl::Seconds(1));
}

TEST(Availability, TellsOverloadFromAbsence) {
  Availability health(kBackoff);
  EXPECT_EQ(StateName(health.State()), "unknown");
  health.ReportAway(ServiceError(absl::StatusCode::kResourceExhausted, "OVERLOADED", "full"), kNow, kNow, 1);
  EXPECT_EQ(StateName(health.State()), "overloaded");
  health.ReportAway(Away(), kNow, kNow, 1);
  EXPECT_EQ(StateName(health.State()), "unavailable");
}

}  // namespace
}  // namespace cxr::plugin
