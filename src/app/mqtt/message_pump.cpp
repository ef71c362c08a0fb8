#include "app/mqtt/message_pump.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace zhili::app {

namespace {

/// Tried again it would be refused again.
bool is_for_good(core::Error const& refusal) { return refusal.code == core::Errc::invalid || refusal.key == "observations.numbers"; }

}  // namespace

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
  left_out_.clear();
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

/// What was stored leaves `groups_`, so that it is not taken twice.
core::Result<> MessagePump::take() {
  while (!groups_.empty()) {
    auto const taken = intake_.take(groups_.front().source, groups_.front().batch);
    if (taken) groups_.erase(groups_.begin());
    else if (is_for_good(taken.error())) narrow(taken.error());
    else return core::fail(taken.error());
  }
  return {};
}

/// What is refused for good must not stand in anybody's way: it is looked for by halves, so that only it is left out.
void MessagePump::narrow(core::Error const& refusal) {
  auto& batch = groups_.front().batch;
  if (batch.size() > 1) {
    auto rest = batch.split(batch.size() / 2);
    groups_.insert(groups_.begin() + 1, {.source = groups_.front().source, .batch = std::move(rest)});
    return;
  }
  auto const stream = batch.rows.empty() ? 0 : batch.rows.front().datastream;
  if (left_out_.insert(stream).second) spdlog::error("mqtt: observations of datastream {} are left out: {} {}", stream, refusal.text.en, refusal.detail);
  if (batch.rows.empty() || batch.unread_count == 0) groups_.erase(groups_.begin());
  else batch.rows.clear();  // what could not be read is still kept aside
}

}  // namespace zhili::app
