#include <fmt/format.h>

#include <filesystem>
#include <thread>

#include "app/cli/progress.hpp"
#include "app/cli/signals.hpp"
#include "app/cli/verbs.hpp"
#include "app/demo/demo_time.hpp"
#include "app/demo/life.hpp"
#include "app/demo/liucheng.hpp"
#include "app/service.hpp"
#include "sense/places/places.hpp"

namespace zhili::app {

namespace {

namespace fs = std::filesystem;

/// Puts the city into an empty data directory.
core::Result<> found_city(Service& service, std::uint64_t seed) {
  if (!service.places().now()->city().areas.empty()) return {};
  demo::LiuchengOptions options;
  options.seed = seed;
  ZHILI_CHECK(sense::places::save(service.db(), demo::liucheng(options), {"system", "survey", service.runtime().time().now()}));
  return service.runtime().reload_places();
}

core::Result<> live(DemoOptions const& options, StopSignals const& signals) {
  static core::SystemTime const machine;
  auto const now = machine.now();
  static demo::DemoTime time(now - std::chrono::days(options.days));
  ZHILI_TRY(auto service, Service::open(options.common, time));
  ZHILI_CHECK(found_city(*service, options.seed));
  ZHILI_CHECK(service->start({.listen = options.listen, .demo_speed = [] { return std::optional(time.speed()); }}));
  ZHILI_TRY(auto const key, service->api_keys().issue("demo-citizens", "system"));
  demo::Life life(*service, time, {.seed = options.seed, .port = service->port(), .api_key = key});
  Progress progress(options.common.lang, {"榴城先过几天", "Liucheng lives its first days"}, false);
  auto const start = time.now();
  std::uint64_t deeds = 0;
  ZHILI_CHECK(life.play(now, [&](core::Instant at) {
    auto const whole = static_cast<double>((now - start).count());
    progress.show(whole > 0 ? static_cast<double>((at - start).count()) / whole : 1, ++deeds);
  }));
  progress.done(deeds);
  time.run(options.speed);
  fmt::print("{}  http://localhost:{}\n", core::in(options.common.lang, {"榴城开门了：", "Liucheng is open:"}), service->port());
  std::fflush(stdout);
  std::jthread const living([&](std::stop_token stop) { life.run(std::move(stop)); });
  while (signals.wait() == SIGHUP) {
  }
  return {};
}

}  // namespace

Exit show_demo(DemoOptions const& given) {
  auto options = given;
  // The demo's city is thrown away with every start: its people's plans live in memory only.
  std::error_code ignored;
  if (options.common.data == CommonOptions{}.data) options.common.data = (fs::temp_directory_path(ignored) / fmt::format("zhili-demo-{}", getpid())).string();
  else if (fs::exists(fs::path(options.common.data) / "zhili.db") && !options.fresh) {
    fmt::print(stderr, "zhili: {}\n", core::in(options.common.lang, {"这个目录里已有数据。演示城要从头开始：请换目录，或加 --fresh 清掉它。",
                                                                     "The directory holds data. The demo begins anew: choose another, or add --fresh to throw it away."}));
    return Exit::failed;
  }
  bool const own = given.common.data == CommonOptions{}.data || given.fresh;
  if (own) fs::remove_all(options.common.data, ignored);
  StopSignals const signals;
  auto const lived = live(options, signals);
  if (given.common.data == CommonOptions{}.data) fs::remove_all(options.common.data, ignored);
  return lived ? Exit::done : say_failure(lived.error(), options.common.lang);
}

}  // namespace zhili::app
