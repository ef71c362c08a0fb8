// Live events: what listeners are told, as the ledger grows.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/service_test_kit.hpp"
#include "respond/signals/desk.hpp"
#include "web/live/hub.hpp"

namespace zhili::app {
namespace {

using web::Stream;
using web::live::Filter;
using web::live::Hub;
using web::live::SteadyTime;

/// Somebody who listens and takes everything at once.
class Ear {
 public:
  explicit Ear(std::shared_ptr<Stream const> stream) : heard_(std::make_shared<Heard>()) {
    heard_->stream = std::move(stream);
    ask(heard_);
  }
  std::string const& text() const { return heard_->text; }
  int events() const {
    int n = 0;
    for (auto at = text().find("data: "); at != std::string::npos; at = text().find("data: ", at + 1)) ++n;
    return n;
  }
  bool has(std::string_view what) const { return text().find(what) != std::string::npos; }

 private:
  struct Heard {
    std::shared_ptr<Stream const> stream;
    std::string text;
  };
  static void ask(std::shared_ptr<Heard> const& heard) {
    heard->stream->wait([weak = std::weak_ptr(heard)](Stream::Piece const& piece) {
      auto const self = weak.lock();
      if (!self || !piece) return;
      self->text += *piece;
      ask(self);
    });
  }
  std::shared_ptr<Heard> heard_;
};

struct Events : testing::Test {
  Events() : hub(parts()) { tick(); }

  web::ApiParts parts() {
    auto& service = *serving.service;
    auto& runtime = service.runtime();
    return {.db = &service.db(), .time = &serving.time, .catalogue = runtime.catalogue(), .installation = &runtime.installation(),
            .places = &service.places(), .zone = runtime.zone(), .calendar = &runtime.calendar()};
  }
  void tick() { EXPECT_TRUE(hub.tick(now)); }
  respond::Id report(bool open = true) {
    respond::Report report{.item = item(), .channel = "web", .place = core::LatLon::of(34.86, 117.55)};
    report.words = "secret words";
    report.words_private = !open;
    return serving.service->signals().receive(report, {.ref = "citizen", .roles = respond::Role::citizen}).value().id;
  }
  std::string item() {
    for (auto const* one : serving.service->catalogue().items())
      if (one->open && std::ranges::none_of(one->asks, [](auto const& ask) { return ask.required; })) return one->code;
    return {};
  }
  Ear listen(Filter const& filter = {}, std::optional<store::Seq> from = {}) { return Ear(hub.listen(filter, std::nullopt, from, now).value()); }
  kit::Serving serving;
  SteadyTime now{};
  Hub hub;
};

TEST_F(Events, TellWhatHappensAndNeverItsWords) {
  auto const ear = listen();
  auto const id = report();
  tick();
  EXPECT_EQ(ear.events(), 1);
  EXPECT_TRUE(ear.has("\"kind\":\"signal.received\"")) << ear.text();
  EXPECT_TRUE(ear.has("id: " + std::to_string(id) + "\n"));
  EXPECT_FALSE(ear.has("secret"));
}

TEST_F(Events, OfPrivateReportsAreNotForEverybody) {
  auto const ear = listen();
  report(false);
  tick();
  EXPECT_EQ(ear.events(), 0) << ear.text();
}

TEST_F(Events, AreNarrowedByItem) {
  auto const mine = listen({.items = {item()}});
  auto const other = listen({.items = {"no-such"}});
  auto const closings = listen({.kinds = {"case.closed"}});
  report();
  tick();
  EXPECT_EQ(mine.events(), 1);
  EXPECT_EQ(other.events(), 0);
  EXPECT_EQ(closings.events(), 0);
}

TEST_F(Events, GoOnWhereSomebodyWas) {
  auto const first = report();
  report();
  tick();
  report();
  tick();
  auto const ear = listen({}, first);
  EXPECT_EQ(ear.events(), 2);
  EXPECT_FALSE(ear.has("id: " + std::to_string(first) + "\n"));
  report();
  tick();
  EXPECT_EQ(ear.events(), 3);
}

TEST_F(Events, AreReadFromTheLedgerByWhoWasAwayBeforeTheProgramBegan) {
  auto const first = report();
  for (int i = 0; i < 3; ++i) report();
  Hub young(parts());
  ASSERT_TRUE(young.tick(now));
  Ear const ear(young.listen({}, std::nullopt, first, now).value());
  EXPECT_EQ(ear.events(), 3);
  report();
  ASSERT_TRUE(young.tick(now));
  EXPECT_EQ(ear.events(), 4);
}

TEST_F(Events, AreHeardByWhoComesBackBeforeTheFirstTick) {
  auto const first = report();
  auto const missed = report();
  Hub young(parts());
  Ear const ear(young.listen({}, std::nullopt, first, now).value());
  EXPECT_TRUE(ear.has("id: " + std::to_string(missed) + "\ndata"));
  report();
  ASSERT_TRUE(young.tick(now));
  EXPECT_EQ(ear.events(), 2);
}

TEST_F(Events, OfOneFilterAreNotThoseOfAnotherThatLooksAlike) {
  auto const mine = listen({.items = {"no-such", item()}});
  auto const odd = listen({.items = {"no-such " + item()}});
  report();
  tick();
  EXPECT_EQ(mine.events(), 1);
  EXPECT_EQ(odd.events(), 0);
}

TEST_F(Events, LetGoOfWhoDoesNotTakeThem) {
  auto const stream = hub.listen({}, std::nullopt, {}, now).value();
  std::size_t sent = 0;
  while (hub.dropped() == 0 && sent < web::live::listener_waiting_bytes_max) {
    now += web::live::heartbeat_s;  // a heartbeat is sent to everybody
    tick();
    sent += 1;
  }
  EXPECT_EQ(hub.dropped(), 1u);
  tick();
  EXPECT_EQ(hub.listeners(), 0u);
  bool over = false;
  stream->wait([&](Stream::Piece const& piece) { over = piece == nullptr; });
  EXPECT_TRUE(over);
}

TEST_F(Events, ForgetWhoHasGone) {
  {
    auto const ear = listen();
    tick();
    EXPECT_EQ(hub.listeners(), 1u);
  }
  tick();
  EXPECT_EQ(hub.listeners(), 0u);
}

}  // namespace
}  // namespace zhili::app
