// What devices are told to do, on both databases.

#include "sense/devices/commands.hpp"

#include <gtest/gtest.h>

#include "sense/devices/device_test_kit.hpp"

namespace zhili::sense::devices {
namespace {

using namespace std::chrono_literals;
using core::Errc;

class CommandTest : public test::DeviceBench {
 protected:
  void SetUp() override { device = gauge().id; }
  Id blink(std::string const& mark = {}) {
    auto const out = one->commands.ask({.device = device, .command = "blink", .mark = mark}, "staff:dora");
    EXPECT_TRUE(out) << out.error().text.en;
    return out ? out->id : 0;
  }
  Id next() {
    auto const out = one->commands.next(device);
    return out && *out ? (*out)->id : 0;
  }
  CommandState state(Id id) {
    return db->read([&](store::Reader& r) { return CommandDesk::find(r, id)->state; }).value();
  }
  core::Error why(std::string const& parameters) { return one->commands.ask({.device = device, .command = "set", .parameters = parameters}, "staff:dora").error(); }

  Id device = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, CommandTest, testing::Values(zhili::test::Engine::sqlite, zhili::test::Engine::postgresql),
                         [](auto const& engine) { return zhili::test::name_of(engine.param); });

TEST_P(CommandTest, GoOneByOneInTheirOrder) {
  auto const a = blink(), b = blink();
  EXPECT_EQ(next(), a);
  EXPECT_EQ(next(), a) << "the same again until it is answered";
  EXPECT_EQ(state(b), CommandState::waiting);
  ASSERT_TRUE(one->commands.answer(device, a, {}));
  EXPECT_EQ(next(), b);
  ASSERT_TRUE(one->commands.answer(device, b, {.done = false, .result = "bulb gone"}));
  EXPECT_EQ(next(), 0);
  EXPECT_EQ(state(a), CommandState::acknowledged);
  EXPECT_EQ(state(b), CommandState::failed);
  EXPECT_EQ(told(), (std::vector<std::string>{"device.registered", "device.command_asked", "device.command_asked", "device.command_sent", "device.command_acknowledged", "device.command_sent", "device.command_failed"}));
}

TEST_P(CommandTest, ExpireAndLetTheNextOneGo) {
  auto const a = *one->commands.ask({.device = device, .command = "blink", .expires = 1min}, "staff:dora");
  auto const b = blink();
  EXPECT_EQ(next(), a.id);
  db.time.advance(1min);
  EXPECT_EQ(next(), b) << "what is over is not delivered, even before anybody has swept";
  EXPECT_EQ(*one->commands.run_due(db.time.now()), 1u);
  EXPECT_EQ(state(a.id), CommandState::expired);
  EXPECT_EQ(one->commands.answer(device, a.id, {}).error().code, Errc::conflict);
  EXPECT_EQ(*one->commands.run_due(db.time.now()), 0u);
}

TEST_P(CommandTest, AreAskedOnceByTheirMark) {
  auto const a = blink("evening");
  EXPECT_EQ(blink("evening"), a);
  EXPECT_EQ(one->commands.ask({.device = device, .command = "set", .parameters = R"({"depth":1})", .mark = "evening"}, "staff:dora").error().code, Errc::conflict);
  EXPECT_EQ(db->read([&](store::Reader& r) { return CommandDesk::list(r, device, 0, 10); })->size(), 1u);
}

TEST_P(CommandTest, AreAnsweredOnceButTheSameAnswerMayComeAgain) {
  auto const a = blink();
  next();
  ASSERT_TRUE(one->commands.answer(device, a, {.result = "ok"}));
  EXPECT_TRUE(one->commands.answer(device, a, {.result = "ok"}));
  EXPECT_EQ(one->commands.answer(device, a, {.done = false}).error().code, Errc::conflict);
  EXPECT_EQ(one->commands.answer(gauge("G-2").id, a, {}).error().code, Errc::not_found) << "of another device";
  EXPECT_EQ(one->commands.answer(device, blink(), {.result = std::string(1'001, 'a')}).error().field, "result");
}

TEST_P(CommandTest, AreCheckedByTheirType) {
  for (auto const* bad : {R"({})", R"({"depth":"1"})", R"({"depth":11})", R"({"depth":-1})", R"({"depth":1e999})", R"({"depth":null})"}) EXPECT_EQ(why(bad).field.substr(0, 10), "parameters") << bad;
  EXPECT_EQ(why(R"({"depth":1,"mode":"dance"})").field, "parameters.mode");
  EXPECT_NE(why(R"({"depth":1,"mode":"dance"})").text.en.find("auto, manual"), std::string::npos);
  EXPECT_EQ(why(R"({"depth":1,"times":1.5})").field, "parameters.times");
  EXPECT_EQ(why(R"({"depth":1,"times":9})").field, "parameters.times");
  EXPECT_EQ(why(R"({"depth":1,"colour":2})").field, "parameters.colour");
  EXPECT_EQ(why("[]").field, "parameters");
  EXPECT_EQ(one->commands.ask({.device = device, .command = "dance"}, "staff:dora").error().field, "command");
  EXPECT_EQ(one->commands.ask({.device = device, .command = "blink", .expires = 25h}, "staff:dora").error().field, "expires_s");
  auto const good = one->commands.ask({.device = device, .command = "set", .parameters = R"({"times":2.0,"mode":"auto","depth":3})"}, "staff:dora");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->parameters, R"({"depth":3,"mode":"auto","times":2})");
  EXPECT_EQ(good->expires_at, db.time.now() + 2min);
}

TEST_P(CommandTest, AreNotAskedOfADeviceThatIsNotInUse) {
  ASSERT_TRUE(one->desk.change(device, {.disabled = true}, "staff:dora"));
  EXPECT_EQ(one->commands.ask({.device = device, .command = "blink"}, "staff:dora").error().code, Errc::conflict);
  EXPECT_EQ(one->commands.ask({.device = device + 1'000, .command = "blink"}, "staff:dora").error().code, Errc::not_found);
}

TEST_P(CommandTest, FillAQueueOfANamedLength) {
  for (std::size_t i = 0; i < open_commands_max; ++i) blink();
  EXPECT_EQ(one->commands.ask({.device = device, .command = "blink"}, "staff:dora").error().code, Errc::limit);
}

TEST_P(CommandTest, WakeWhoeverWaits) {
  std::vector<Id> came;
  auto const note = [&](core::Result<std::optional<Command>> found) { came.push_back(found && *found ? (*found)->id : 0); };
  one->commands.next_later(device, db.time.now() + 30s, note);
  EXPECT_TRUE(came.empty());
  auto const a = blink();
  EXPECT_EQ(came, std::vector{a});
  one->commands.next_later(device, db.time.now() + 30s, note);
  EXPECT_EQ(came, (std::vector{a, a})) << "what is open is given at once";
  ASSERT_TRUE(one->commands.answer(device, a, {}));
  one->commands.next_later(device, db.time.now() + 30s, note);
  db.time.advance(30s);
  ASSERT_TRUE(one->commands.run_due(db.time.now()));
  EXPECT_EQ(came, (std::vector<Id>{a, a, 0})) << "it waited long enough";
  one->commands.next_later(device, db.time.now(), note);
  EXPECT_EQ(came.size(), 4u) << "whoever does not want to wait does not";
}

TEST_P(CommandTest, WakeWhoeverWaitsInAnotherProcess) {
  test::Process other(*db, db.time, things, readings);
  Id came = -1;
  other.commands.next_later(device, db.time.now() + 30s, [&](core::Result<std::optional<Command>> found) { came = *found ? (*found)->id : 0; });
  auto const a = blink();
  EXPECT_EQ(came, -1);
  ASSERT_TRUE(other.commands.follow());
  EXPECT_EQ(came, a);
  EXPECT_EQ(state(a), CommandState::sent);
}

TEST_P(CommandTest, SurviveARestart) {
  auto const a = blink(), b = blink();
  EXPECT_EQ(next(), a);
  kill_and_restart();
  EXPECT_EQ(next(), a);
  ASSERT_TRUE(one->commands.answer(device, a, {}));
  EXPECT_EQ(next(), b);
}

class NoisyChannel final : public CommandChannel {
 public:
  bool reaches(std::string_view serial) const override { return there && serial == "G-1"; }
  bool deliver(std::string_view, Command const& command) override {
    delivered.push_back(command.id);
    return works;
  }
  bool there = true, works = true;
  std::vector<Id> delivered;
};

TEST_P(CommandTest, GoOutByAChannelToADeviceThatDoesNotAsk) {
  NoisyChannel channel;
  one->commands.add_channel(channel);
  auto const a = blink();
  auto const b = blink();
  EXPECT_EQ(state(a), CommandState::sent);
  EXPECT_EQ(state(b), CommandState::waiting);
  ASSERT_TRUE(one->commands.answer(device, a, {}));
  EXPECT_EQ(state(b), CommandState::sent) << "the next one follows the answer";
  ASSERT_TRUE(one->commands.answer(device, b, {}));
  channel.works = false;
  auto const c = blink();
  EXPECT_EQ(state(c), CommandState::waiting) << "what never left is not called sent";
  channel.works = true;
  one->commands.reachable(device);
  EXPECT_EQ(state(c), CommandState::sent);
}

TEST_P(CommandTest, TellTheLedgerNothingOfAHome) {
  auto const bed = one->desk.add({.type = "bed", .serial = "B-1", .place = {.at = test::point(0.5, 0.5)}}, "staff:dora")->id;
  auto const asked = one->commands.ask({.device = bed, .command = "blink"}, "staff:dora")->id;
  ASSERT_TRUE(one->commands.answer(bed, asked, {.result = "awake"}));
  auto const payloads = *db->read([](store::Reader& r) { return r.rows<std::string>("SELECT payload FROM ledger WHERE kind = 626 OR kind = 627"); });
  for (auto const& [payload] : payloads) EXPECT_EQ(payload.find("awake"), std::string::npos);
}

}  // namespace
}  // namespace zhili::sense::devices
