#include "app/mqtt/commands.hpp"

#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <utility>

#include "web/devices/devices.hpp"

namespace zhili::app {

namespace {

constexpr auto until_something_waits = std::chrono::hours(1);

/// `{"done": true, "result": "…"}`, the second may be left out.
std::optional<sense::devices::CommandAnswer> command_answer_in(std::string const& payload) {
  boost::system::error_code failed;
  auto const json = boost::json::parse(payload, failed);
  auto const* object = failed ? nullptr : json.if_object();
  auto const* done = object ? object->if_contains("done") : nullptr;
  auto const* result = object ? object->if_contains("result") : nullptr;
  if (!done || !done->is_bool() || (result && !result->is_string())) return std::nullopt;
  return sense::devices::CommandAnswer{.done = done->get_bool(), .result = result ? std::string(result->get_string()) : std::string()};
}

}  // namespace

MqttCommands::MqttCommands(store::Db& db, sense::devices::CommandDesk& desk, core::Zone zone) : db_(db), desk_(desk), zone_(std::move(zone)), worker_([this] { return round(); }) {
  desk_.add_channel(*this);
}

void MqttCommands::open(web::mqtt::Door& door) {
  std::lock_guard const lock(mutex_);
  door_ = &door;
}

void MqttCommands::close() {
  std::lock_guard const lock(mutex_);
  door_ = nullptr;
}

bool MqttCommands::reaches(std::string_view serial) const {
  std::lock_guard const lock(mutex_);
  return door_ && door_->wants(web::mqtt::commands_topic(serial));
}

bool MqttCommands::deliver(std::string_view serial, sense::devices::Command const& command) {
  std::lock_guard const lock(mutex_);
  if (!door_) return false;
  door_->publish(web::mqtt::commands_topic(serial), boost::json::serialize(web::told_command_json(command, zone_)));
  return true;
}

void MqttCommands::listens(std::string const& serial) {
  later([this, serial] {
    if (auto const device = device_of(serial); device != 0) desk_.reachable(device);
  });
}

void MqttCommands::answered(std::string const& serial, std::int64_t command, std::string payload, std::function<void(bool)> done) {
  later([this, serial, command, payload = std::move(payload), done = std::move(done)] { done(take(serial, command, payload)); });
}

/// False: it could not be written, and is to be sent again.
bool MqttCommands::take(std::string const& serial, std::int64_t command, std::string const& payload) {
  auto const answer = command_answer_in(payload);
  if (!answer) {
    spdlog::info("commands: {} answers {} with what is no {{\"done\":true|false,\"result\":\"…\"}}", serial, command);
    return true;
  }
  auto const taken = desk_.answer(device_of(serial), command, *answer);
  if (taken) return true;
  spdlog::info("commands: {} answers {}: {} {}", serial, command, taken.error().text.en, taken.error().detail);
  return taken.error().code != core::Errc::unavailable && taken.error().code != core::Errc::busy;
}

sense::devices::Id MqttCommands::device_of(std::string const& serial) {
  return db_.read([&](store::Reader& r) { return r.value<sense::devices::Id>("SELECT id FROM device WHERE serial = ?", serial).value_or(0); }).value_or(0);
}

void MqttCommands::later(std::function<void()> work) {
  {
    std::lock_guard const lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  worker_.wake();
}

std::chrono::nanoseconds MqttCommands::round() {
  std::deque<std::function<void()>> due;
  {
    std::lock_guard const lock(mutex_);
    due.swap(waiting_);
  }
  for (auto const& one : due) one();
  return until_something_waits;
}

}  // namespace zhili::app
