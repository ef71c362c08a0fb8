#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "app/cli/progress.hpp"
#include "app/cli/signals.hpp"
#include "app/cli/verbs.hpp"
#include "app/demo/demo_time.hpp"
#include "app/demo/device_town.hpp"
#include "app/demo/life.hpp"
#include "app/demo/liucheng.hpp"
#include "app/demo/staff_accounts.hpp"
#include "app/mqtt/nats_server.hpp"
#include "app/repeat.hpp"
#include "app/service.hpp"
#include "sense/places/places.hpp"

namespace zhili::app {

namespace {

namespace fs = std::filesystem;

constexpr int devices_remember = 4;  // days

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
  ZHILI_TRY(auto service, Service::open(options.common, time, machine));
  ZHILI_CHECK(found_city(*service, options.seed));
  web::DemoFace face{.speed = [] { return time.speed(); }, .password = std::string(demo::staff_password)};
  ZHILI_TRY(face.accounts, demo::make_staff(service->accounts(), service->installation()));
  auto const broker = NatsServer::start({.folder = fs::path(options.common.data) / "nats"});
  if (!broker) spdlog::warn("demo: {} Every device speaks HTTP. {}", broker.error().text.en, broker.error().detail);
  ZHILI_CHECK(service->start({.listen = options.listen, .demo = std::move(face), .nats = broker ? (*broker)->url() : ""}));
  ZHILI_TRY(auto const key, service->api_keys().issue({.holder = "demo-citizens", .scopes = {organise::Scope::open311_write}}, "system"));
  demo::Life life(*service, time, {.seed = options.seed, .port = service->port(), .api_key = key.secret});
  Progress progress(options.common.lang, {"榴城先过几天", "Liucheng lives its first days"}, false);
  auto const start = time.now();
  std::uint64_t deeds = 0;
  ZHILI_CHECK(life.play(now, [&](core::Instant at) {
    auto const whole = static_cast<double>((now - start).count());
    progress.show(whole > 0 ? static_cast<double>((at - start).count()) / whole : 1, ++deeds);
  }));
  progress.done(deeds);
  service->count_and_publish(time.now());
  ZHILI_TRY(auto const gateway, service->api_keys().issue({.holder = "demo-gateway", .scopes = {organise::Scope::sensing_write}}, "system"));
  demo::DeviceTown::Options gateways{.seed = options.seed, .port = service->port(), .api_key = gateway.secret};
  if (broker) gateways.mqtt = {.port = (*broker)->mqtt_port(), .user = "devices", .password = (*broker)->device_password()};
  ZHILI_TRY(auto const devices, demo::DeviceTown::open(*service, time, std::move(gateways)));
  ZHILI_CHECK(devices->remember(std::chrono::days(devices_remember)));
  time.run(options.speed);
  fmt::print("{}  http://localhost:{}\n", core::in(options.common.lang, {"榴城开门了：", "Liucheng is open:"}), service->port());
  std::fflush(stdout);
  std::jthread const living([&](std::stop_token stop) { life.run(std::move(stop)); });
  std::jthread const measuring([&](std::stop_token const& stop) {
    repeat(stop, [&] {
      if (auto const sent = devices->minute(); !sent) spdlog::warn("demo: {} {}", sent.error().text.en, sent.error().detail);
      return time.real_wait(std::chrono::floor<std::chrono::minutes>(time.now()) + std::chrono::minutes(1)) + std::chrono::milliseconds(1);
    });
  });
  while (signals.wait() == SIGHUP) {
  }
  return {};
}

/// The demo's city begins anew with every start, because its people's plans live in memory only. A mark in the directory
/// says that a demo made it: nothing else is ever thrown away. Errors: conflict, unavailable.
core::Result<> make_empty(fs::path const& directory, bool throw_away) {
  auto const mark = directory / "zhili.demo";
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_empty(directory, error)) {
    if (!throw_away || !fs::exists(mark, error))
      return core::fail(core::Errc::conflict, "demo.directory",
                        {fmt::format("{} 里已有东西。演示城要从头开始：请换一个空目录；--fresh 只清掉以前演示留下的目录。", directory.string()),
                         fmt::format("{} holds something. The demo begins anew: choose an empty directory; --fresh throws away only what an "
                                     "earlier demo made.", directory.string())},
                        "--data");
    fs::remove_all(directory, error);
  }
  fs::create_directories(directory, error);
  if (std::ofstream(mark) << "made by zhili demo\n") return {};
  return core::fail(core::Errc::unavailable, "demo.write",
                    {fmt::format("不能写 {}。", directory.string()), fmt::format("Cannot write to {}.", directory.string())}, "--data");
}

}  // namespace

Exit show_demo(DemoOptions const& given) {
  auto options = given;
  bool const temporary = given.common.data == CommonOptions{}.data;
  std::error_code ignored;
  if (temporary) options.common.data = (fs::temp_directory_path(ignored) / fmt::format("zhili-demo-{}", getpid())).string();
  if (auto const empty = make_empty(options.common.data, temporary || given.fresh); !empty)
    return say_failure(empty.error(), options.common.lang);
  StopSignals const signals;
  auto const lived = live(options, signals);
  if (temporary) fs::remove_all(options.common.data, ignored);
  return lived ? Exit::done : say_failure(lived.error(), options.common.lang);
}

}  // namespace zhili::app
