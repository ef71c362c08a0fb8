#include "app/mqtt/commands.hpp"

#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <utility>

#include "web/devices/devices.hpp"

namespace zhili::app {

namespace {

constexpr auto until_something_waits = std::chrono::hours(1);
constexpr auto until_tried_again = std::chrono::seconds(1);

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
  {
    std::lock_guard const lock(mutex_);
    listening_.insert(serial);
  }
  worker_.wake();
}

void MqttCommands::answered(std::string const& serial, std::int64_t command, std::string payload, std::function<void(bool)> done) {
  {
    std::lock_guard const lock(mutex_);
    answers_.emplace_back([this, serial, command, payload = std::move(payload), done = std::move(done)] { done(take(serial, command, payload)); });
  }
  worker_.wake();
}

/// False: it could not be written, and is to be sent again.
bool MqttCommands::take(std::string const& serial, std::int64_t command, std::string const& payload) {
  auto const answer = command_answer_in(payload);
  if (!answer) {
    spdlog::info("commands: {} answers {} with what is no {{\"done\":true|false,\"result\":\"…\"}}", serial, command);
    return true;
  }
  auto const taken = device_of(serial).and_then([&](sense::devices::Id device) { return desk_.answer(device, command, *answer); });
  if (taken) return true;
  auto const& error = taken.error();
  spdlog::info("commands: {} answers {}: {} {}", serial, command, error.text.en, error.detail);
  return error.code == core::Errc::invalid || error.code == core::Errc::not_found || error.code == core::Errc::conflict;  // it would never be better
}

/// What waits for a device that listens now. False: it could not be read.
bool MqttCommands::tell(std::string const& serial) {
  auto const device = device_of(serial);
  if (device && *device != 0) desk_.reachable(*device);
  return device.has_value();
}

/// 0: there is none.
core::Result<sense::devices::Id> MqttCommands::device_of(std::string const& serial) {
  return db_.read([&](store::Reader& r) { return r.value<sense::devices::Id>("SELECT id FROM device WHERE serial = ?", serial).value_or(0); });
}

std::chrono::nanoseconds MqttCommands::round() {
  std::set<std::string> listening;
  std::deque<std::function<void()>> answers;
  {
    std::lock_guard const lock(mutex_);
    listening.swap(listening_);
    answers.swap(answers_);
  }
  for (auto const& one : answers) one();
  std::erase_if(listening, [this](std::string const& serial) { return tell(serial); });
  if (listening.empty()) return until_something_waits;
  std::lock_guard const lock(mutex_);
  listening_.merge(listening);
  return until_tried_again;
}

}  // namespace zhili::app
