// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <exception>
#include <fstream>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/rpc/grpc_status.h"

namespace cxr {
namespace {

/// Seconds: from a report written in a millisecond to a deadline's length.
const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const prometheus::Histogram::BucketBoundaries buckets = {.001, .0025, .005, .01, .025, .05,
                                                                  .1,   .25,   .5,   1,   2.5,  10};
  return buckets;
}

double Seconds(std::chrono::microseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

double ResidentBytes() {
  std::ifstream pages("/proc/self/statm");
  double all = 0;
  double resident = 0;
  pages >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

prometheus::MetricFamily GaugeFamily(const std::string& name, const std::string& help) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = prometheus::MetricType::Gauge;
  return family;
}

prometheus::ClientMetric Gauge(double value, std::vector<prometheus::ClientMetric::Label> labels = {}) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.gauge.value = value;
  return metric;
}

/// Asks pool and handler when Prometheus asks us: a gauge set by requests would go stale between them.
class LoadCollector final : public prometheus::Collectable {
 public:
  void Watch(std::function<AnalysisPool::Load()> load) {
    const std::lock_guard<std::mutex> lock(mutex_);
    load_ = std::move(load);
  }
  void WatchRequests(std::function<RequestLoad()> requests) {
    const std::lock_guard<std::mutex> lock(mutex_);
    requests_ = std::move(requests);
  }

  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    const AnalysisPool::Load load = load_ ? load_() : AnalysisPool::Load{};
    const RequestLoad requests = requests_ ? requests_() : RequestLoad{};
    prometheus::MetricFamily jobs = GaugeFamily("cxr_jobs", "Analyses that wait or run");
    jobs.metric = {Gauge(load.queued, {{"state", "queued"}}), Gauge(load.running, {{"state", "running"}})};
    prometheus::MetricFamily calls = GaugeFamily("cxr_calls", "Calls of Analyze in progress");
    calls.metric = {Gauge(requests.calls)};
    prometheus::MetricFamily memory = GaugeFamily("cxr_request_memory_bytes", "Memory of requests");
    memory.metric = {Gauge(static_cast<double>(requests.held_bytes), {{"of", "held"}}),
                     Gauge(static_cast<double>(requests.limit_bytes), {{"of", "limit"}})};
    prometheus::MetricFamily process = GaugeFamily("process_resident_memory_bytes", "Resident memory of the process");
    process.metric = {Gauge(ResidentBytes())};
    return {jobs, calls, memory, process};
  }

 private:
  mutable std::mutex mutex_;
  std::function<AnalysisPool::Load()> load_;
  std::function<RequestLoad()> requests_;
};

}  // namespace

struct ServiceMetrics::Impl {
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::shared_ptr<LoadCollector> load = std::make_shared<LoadCollector>();
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter().Name("cxr_requests_total").Help("Calls that have ended").Register(*registry);
  prometheus::Family<prometheus::Counter>& outcomes =
      prometheus::BuildCounter().Name("cxr_outcomes_total").Help("Analyses by outcome").Register(*registry);
  prometheus::Family<prometheus::Counter>& reasons =
      prometheus::BuildCounter().Name("cxr_reasons_total").Help("Reasons of analyses").Register(*registry);
  prometheus::Family<prometheus::Histogram>& durations =
      prometheus::BuildHistogram().Name("cxr_request_seconds").Help("Duration of calls").Register(*registry);
  prometheus::Family<prometheus::Histogram>& stages =
      prometheus::BuildHistogram().Name("cxr_stage_seconds").Help("Duration of stages").Register(*registry);
  std::unique_ptr<prometheus::Exposer> exposer;
};

ServiceMetrics::ServiceMetrics() : impl_(std::make_unique<Impl>()) {}

ServiceMetrics::~ServiceMetrics() = default;

void ServiceMetrics::Record(const CallRecord& call, const std::vector<StageTime>& stages) {
  const std::string code(GrpcCodeName(ToGrpcStatus(call.status).error_code()));
  impl_->requests.Add({{"method", call.method}, {"code", code}}).Increment();
  impl_->durations.Add({{"method", call.method}}, Buckets()).Observe(Seconds(call.duration));
  if (!call.outcome.empty()) impl_->outcomes.Add({{"outcome", call.outcome}}).Increment();
  for (const std::string& reason : call.reasons)
    impl_->reasons.Add({{"outcome", call.outcome}, {"reason", reason}}).Increment();
  for (const StageTime& stage : stages) {
    impl_->stages.Add({{"stage", stage.stage}}, Buckets()).Observe(Seconds(stage.duration));
  }
}

void ServiceMetrics::WatchLoad(std::function<AnalysisPool::Load()> load) {
  impl_->load->Watch(std::move(load));
}

void ServiceMetrics::WatchRequests(std::function<RequestLoad()> load) {
  impl_->load->WatchRequests(std::move(load));
}

absl::StatusOr<HostPort> ServiceMetrics::Serve(const HostPort& address) {
  try {
    // A client that opens a connection and says or reads nothing holds one of the threads, and an end of the service,
    // no longer than this.
    const std::vector<std::string> options = {"listening_ports",    ToString(address),
                                              "num_threads",        "2",
                                              "request_timeout_ms", "2000",
                                              "enable_keep_alive",  "no"};
    auto exposer = std::make_unique<prometheus::Exposer>(options);
    exposer->RegisterCollectable(impl_->registry);
    exposer->RegisterCollectable(impl_->load);
    HostPort bound = address;
    const std::vector<int> ports = exposer->GetListeningPorts();
    if (!ports.empty()) bound.port = static_cast<std::uint16_t>(ports.front());
    impl_->exposer = std::move(exposer);
    return bound;
  } catch (const std::exception& fault) {
    return absl::UnavailableError(absl::StrCat("cannot serve metrics on ", ToString(address),
                                               " (in use, or no address of this machine?): ", fault.what()));
  }
}

std::string ServiceMetrics::Text() const {
  std::vector<prometheus::MetricFamily> families = impl_->registry->Collect();
  for (prometheus::MetricFamily& family : impl_->load->Collect()) families.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace cxr
