#pragma once
// What watches over the program asks: does it live, can it work, what does it do.

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "web/http.hpp"
#include "web/metrics.hpp"

namespace zhili::web {

/// Thread-safe.
class Health {
 public:
  /// A condition for being ready, for instance that the database answers. Called on worker threads at each
  /// question.
  void add(std::string name, std::function<core::Result<>()> check);
  /// From now on not ready: the program is about to end, and load balancers should look elsewhere.
  void draining() { draining_ = true; }
  /// 200 or 503 and {"live":true,"ready":…,"checks":{name: "ok" | key of the error}}.
  Response answer() const;

 private:
  struct Check {
    std::string name;
    std::function<core::Result<>()> run;
  };
  mutable std::mutex mutex_;
  std::vector<Check> checks_;
  std::atomic<bool> draining_{false};
};

/// GET /health and /health/ready (see Health::answer), /health/live (200 while the program runs). `health`
/// must outlive the server.
void mount_health(Router& router, Health const& health);

/// GET /metrics, for this machine only unless `for_everybody`. `metrics` must outlive the server.
void mount_metrics(Router& router, Metrics const& metrics, bool for_everybody);

}  // namespace zhili::web
