#include "web/health.hpp"

#include <boost/json.hpp>

namespace zhili::web {

void Health::add(std::string name, std::function<core::Result<>()> check) {
  std::lock_guard const lock(mutex_);
  checks_.push_back({std::move(name), std::move(check)});
}

Response Health::answer() const {
  std::vector<Check> checks;
  {
    std::lock_guard const lock(mutex_);
    checks = checks_;
  }
  bool ready = !draining_;
  boost::json::object told;
  for (auto const& check : checks) {
    auto const result = check.run();
    ready = ready && result.has_value();
    told[check.name] = result ? std::string("ok") : result.error().key;
  }
  if (draining_) told["draining"] = "yes";
  boost::json::object const body{{"live", true}, {"ready", ready}, {"checks", told}};
  constexpr int unavailable = 503;
  return Response::json(boost::json::serialize(body), ready ? 200 : unavailable);
}

void mount_health(Router& router, Health const& health) {
  auto const answer = [&health](Request const&) { return health.answer(); };
  router.get("/health", answer);
  router.get("/health/ready", answer);
  router.get("/health/live", [](Request const&) { return Response::json("{\"live\":true}"); });
}

void mount_metrics(Router& router, Metrics const& metrics, bool for_everybody) {
  router.get("/metrics", [&metrics, for_everybody](Request const& request) {
    if (!for_everybody && !request.loopback) {
      return Response::problem({core::Errc::forbidden,
                                "metrics.loopback",
                                {"运行指标只对本机开放。", "Metrics are for this machine only."}});
    }
    return Response{.type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics.text()};
  });
}

}  // namespace zhili::web
