#include "app/mqtt/message_pump.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace zhili::app {

std::string topic_of_subject(std::string_view subject) {
  std::string out;
  out.reserve(subject.size());
  for (std::size_t i = 0; i < subject.size(); ++i) {
    if (subject[i] == '.') {
      out += '/';
    } else if (subject.substr(i).starts_with("//")) {
      out += '.';
      ++i;
    } else {
      out += subject[i];
    }
  }
  return out;
}

std::chrono::milliseconds MessagePump::failed(core::Error const& error) {
  caught_up_ = false;
  if (pause_.count() == 0) spdlog::warn("mqtt: {} {}", error.text.en, error.detail);  // once, not with every attempt
  pause_ = std::clamp(pause_ * 2, pump_pause_min, pump_pause_max);
  return pause_;
}

/// A city of a demonstration has a time of its own: a message is as old in both.
core::Instant MessagePump::in_the_city(core::Instant of_the_world) const {
  return &time_ == &wall_ ? of_the_world : time_.now() - (wall_.now() - of_the_world);
}

core::Result<std::string> MessagePump::broker() {
  auto name = stream_.name();
  if (!name) failed(name.error());
  return name;
}

std::chrono::milliseconds MessagePump::step() {
  if (groups_.empty()) {
    auto pulled = stream_.fetch(pump_messages_max, pump_wait);
    if (!pulled) return failed(pulled.error());
    pulled_ = std::move(*pulled);
    std::vector<std::string> topics;
    topics.reserve(pulled_.messages().size());
    for (auto const& one : pulled_.messages()) topics.push_back(topic_of_subject(one.subject));
    std::vector<sense::ingest::Message> messages;
    messages.reserve(topics.size());
    for (std::size_t i = 0; i < topics.size(); ++i) messages.push_back({topics[i], pulled_.messages()[i].bytes, in_the_city(pulled_.messages()[i].received)});
    groups_ = reader_.read(messages);
  }
  if (auto const taken = take(); !taken) return failed(taken.error());
  auto const health = stream_.health();
  auto const& messages = pulled_.messages();
  caught_up_ = health.connected && (health.pending == 0 || (!messages.empty() && wall_.now() - messages.back().received <= backlog_lag_max));
  pulled_.acknowledge();
  pulled_ = {};
  if (pause_.count() != 0) spdlog::info("mqtt: goes on");
  pause_ = {};
  return {};
}

void MessagePump::let_go() {
  caught_up_ = false;
  groups_.clear();
  pulled_ = {};
  stream_.disconnect();
}

/// What was stored leaves `groups_`, so that it is not taken twice. What is refused for good must not stand in the way of everybody.
core::Result<> MessagePump::take() {
  while (!groups_.empty()) {
    auto const& group = groups_.front();
    auto const taken = intake_.take(group.source, group.batch);
    if (!taken && taken.error().code != core::Errc::invalid) return core::fail(taken.error());
    if (!taken) spdlog::error("mqtt: {} observations are left out: {} {}", group.batch.size(), taken.error().text.en, taken.error().detail);
    groups_.erase(groups_.begin());
  }
  return {};
}

}  // namespace zhili::app
