#include "app/demo/life.hpp"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <mutex>

namespace zhili::app::demo {

Life::Life(Service& service, DemoTime& time, LifeOptions options)
    : service_(service), time_(time), options_(std::move(options)), client_("127.0.0.1", options_.port), random_(options_.seed) {
  plan_next_trouble();
  plan_call_backs();
}

Life::~Life() = default;

void Life::plan(core::Duration later, std::function<void()> act) {
  deeds_.push({time_.now() + later, order_++, std::move(act)});
}

bool Life::chance(double share) {
  return static_cast<double>(random_() >> 11) * 0x1.0p-53 < share;
}

/// Human delays: most are near the middle, some are long (log-normal, sigma 0.6).
core::Duration Life::about(double minutes) {
  auto const u1 = static_cast<double>((random_() >> 11) + 1) * 0x1.0p-53;
  auto const u2 = static_cast<double>(random_() >> 11) * 0x1.0p-53;
  auto const normal = std::sqrt(-2 * std::log(u1)) * std::cos(2 * 3.14159265358979323846 * u2);
  return core::Duration(static_cast<std::int64_t>(minutes * 60'000 * std::exp(0.6 * normal)) + 1000);
}

void Life::step(core::Instant at) {
  auto deed = std::move(const_cast<Deed&>(deeds_.top()));
  deeds_.pop();
  time_.set(at);
  deed.act();
}

core::Result<> Life::play(core::Instant until, std::function<void(core::Instant)> const& progress) {
  while (!deeds_.empty() && deeds_.top().at <= until && !failed_) {
    auto const at = deeds_.top().at;
    time_.set(at);
    service_.run_timers(at);
    step(at);
    progress(at);
  }
  if (failed_) return core::fail(failure_);
  time_.set(until);
  service_.run_timers(until);
  return {};
}

void Life::run(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested() && !deeds_.empty()) {
    std::unique_lock lock(mutex);
    auto const wait = time_.real_wait(deeds_.top().at);
    wake.wait_for(lock, stop, wait, [] { return false; });
    if (stop.stop_requested() || time_.now() < deeds_.top().at) continue;
    step(deeds_.top().at);
    if (std::exchange(failed_, false)) spdlog::warn("demo: {}", failure_.text.en);
  }
}

}  // namespace zhili::app::demo
