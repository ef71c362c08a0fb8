// Registers N cases on PostgreSQL whose first clock ran out long ago: `timers DATA URL N`. Prints how fast.

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "app/service.hpp"

using namespace zhili;

namespace {

constexpr std::int64_t cases_per_piece = 200;
constexpr auto ago = std::chrono::days(60);

core::Result<> register_cases(app::Service& service, std::int64_t count) {
  auto const* item = service.catalogue().find("0102");
  respond::Actor const acceptor{
      .ref = "staff:bench", .roles = respond::Role::acceptor, .department = "centre"};
  for (std::int64_t done = 0; done < count;) {
    auto const until = std::min(count, done + cases_per_piece);
    ZHILI_CHECK(service.db().write([&](store::Writer& w) -> core::Result<> {
      for (; done < until; ++done) {
        auto const signal = w.append({core::EventKind::signal_received, 0, "citizen", "{}"});
        auto const incident = w.append({core::EventKind::incident_opened, 0, "citizen", "{}"});
        w.exec(
            "INSERT INTO signal (id, item, state, channel, received_at, location_unknown, released, private) "
            "VALUES (?,?,?,'web',?,1,0,0)",
            signal, item->code, respond::Stage::registered, w.now());
        respond::Command command;
        command.verb = respond::Verb::register_case;
        command.opening = respond::Opening{.signal = signal,
                                           .incident = incident,
                                           .item = item->ref(),
                                           .condition = item->conditions.front().code,
                                           .received_at = w.now()};
        ZHILI_CHECK(service.cases().open(w, command, acceptor));
      }
      return {};
    }));
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "usage: timers DATA URL N\n");
    return 2;
  }
  core::ManualTime const time{core::SystemTime().now() - ago};
  app::CommonOptions options;
  options.data = argv[1];
  options.database = argv[2];
  auto const count = std::strtoll(argv[3], nullptr, 10);
  auto service = app::Service::open(options, time, time);
  auto const begin = std::chrono::steady_clock::now();
  auto const made = service ? register_cases(**service, count) : core::Result<>(core::fail(service.error()));
  if (!made) {
    fmt::print(stderr, "{} {}\n", made.error().text.en, made.error().detail);
    return 1;
  }
  auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  fmt::print("{{\"cases\": {}, \"per_second\": {:.0f}}}\n", count, static_cast<double>(count) / seconds);
}
