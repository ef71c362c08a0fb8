// Answers of devices and devices that begin to listen, with the real desk of commands on both databases.

#include "app/mqtt/commands.hpp"

#include <gtest/gtest.h>

#include <future>

#include "sense/devices/device_test_kit.hpp"

namespace zhili::app {
namespace {

namespace devices = sense::devices;

/// Reaches every device from when the test says so, remembers what it was given, and holds it until the test lets it go.
class RecordingChannel final : public devices::CommandChannel {
 public:
  bool reaches(std::string_view) const override {
    std::lock_guard const lock(mutex_);
    return is_open_;
  }
  bool deliver(std::string_view serial, devices::Command const&) override {
    std::unique_lock lock(mutex_);
    told_.emplace_back(serial);
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    return true;
  }
  void open() {
    std::lock_guard const lock(mutex_);
    is_open_ = true;
  }
  void hold(bool held) {
    std::lock_guard const lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  void wait_for_one() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !told_.empty(); });
  }
  std::vector<std::string> told() const {
    std::lock_guard const lock(mutex_);
    return told_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> told_;
  bool is_open_ = false, held_ = false;
};

class MqttCommandsTest : public devices::test::DeviceBench {
 protected:
  void SetUp() override {
    one->commands.add_channel(channel);
    device = gauge("G-1").id;
    post = std::make_unique<MqttCommands>(*db, one->commands, core::Zone::utc());
  }
  void TearDown() override { channel.hold(false); }

  devices::Id ask() {
    auto const asked = one->commands.ask({.device = device, .command = "blink"}, "staff:dora");
    EXPECT_TRUE(asked) << asked.error().text.en;
    return asked ? asked->id : 0;
  }
  /// Whether it is acknowledged.
  bool answer(devices::Id command, std::string payload = R"({"done":true,"result":"ok"})") {
    std::promise<bool> said;
    post->answered("G-1", command, std::move(payload), [&](bool good) { said.set_value(good); });
    return said.get_future().get();
  }
  /// Everything that was said before is done: the second of two answers comes in a round of its own.
  void finish() {
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(answer(1, "no JSON"));
  }
  /// Every read of the register fails while it has another name.
  void rename_register(bool back) {
    auto const renamed = db->write([&](store::Writer& w) { w.exec(back ? "ALTER TABLE device_away RENAME TO device" : "ALTER TABLE device RENAME TO device_away"); });
    ASSERT_TRUE(renamed) << renamed.error().detail;
  }
  devices::Command found(devices::Id command) { return db->read([&](store::Reader& r) { return *devices::CommandDesk::find(r, command); }).value(); }

  RecordingChannel channel;
  devices::Id device = 0;
  std::unique_ptr<MqttCommands> post;  // last: its worker uses the others
};
INSTANTIATE_TEST_SUITE_P(Engines, MqttCommandsTest, testing::Values(test::Engine::sqlite, test::Engine::postgresql), [](auto const& engine) { return test::name_of(engine.param); });

TEST_P(MqttCommandsTest, AnAnswerIsNotAcknowledgedWhileTheRegisterCannotBeRead) {
  auto const command = ask();
  rename_register(false);
  EXPECT_FALSE(answer(command)) << "whoever was told that it is kept does not send it again";
  rename_register(true);
  EXPECT_TRUE(answer(command));
  EXPECT_EQ(found(command).state, devices::CommandState::acknowledged);
  EXPECT_EQ(found(command).result, "ok");
}

TEST_P(MqttCommandsTest, WhatWouldNeverBeBetterIsAcknowledged) {
  auto const command = ask();
  EXPECT_TRUE(answer(command, R"({"done":"perhaps"})"));
  EXPECT_TRUE(answer(command + 1'000)) << "nobody asked that";
  EXPECT_TRUE(answer(command, R"({"done":true,"result":")" + std::string(devices::command_text_bytes_max + 1, 'a') + "\"}"));
  EXPECT_EQ(found(command).state, devices::CommandState::waiting);
  EXPECT_TRUE(answer(command));
  EXPECT_TRUE(answer(command, R"({"done":false})")) << "it is over";
  EXPECT_EQ(found(command).state, devices::CommandState::acknowledged);
}

TEST_P(MqttCommandsTest, ADeviceThatCameWhileTheRegisterCouldNotBeReadIsToldLater) {
  ask();
  channel.open();
  rename_register(false);
  post->listens("G-1");
  finish();
  EXPECT_TRUE(channel.told().empty());
  rename_register(true);
  finish();
  EXPECT_FALSE(channel.told().empty()) << "it does not say again that it listens";
}

TEST_P(MqttCommandsTest, WhoSubscribesAgainAndAgainIsOneThatListens) {
  ask();
  channel.open();
  channel.hold(true);
  post->listens("G-1");
  channel.wait_for_one();
  for (int i = 0; i < 1'000; ++i) post->listens("G-1");
  channel.hold(false);
  finish();
  EXPECT_EQ(channel.told(), (std::vector<std::string>{"G-1", "G-1"})) << "once for the first, once for all that came meanwhile";
}

TEST_P(MqttCommandsTest, ANumberThatWasMadeUpCostsNoWrite) {
  auto const command = ask();
  std::promise<void> may_end;
  std::future<void> const ends = may_end.get_future();
  std::promise<void> written;
  // The one who writes is busy until the answers are there: who had to wait for a write would wait for ever.
  db->write_later([&](store::Writer&) -> core::Result<> { ends.wait(); return {}; }, [&](core::Result<>) { written.set_value(); });
  std::promise<bool> said;
  post->answered("G-1", command + 1'000, R"({"done":true})", [&](bool good) { said.set_value(good); });
  auto answered = said.get_future();
  EXPECT_EQ(answered.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  may_end.set_value();
  EXPECT_TRUE(answered.get());
  written.get_future().wait();
}

}  // namespace
}  // namespace zhili::app
