#include "app/sensing/rules_at_work.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>

#include "catalogue/rules/reader.hpp"
#include "respond/rules/usual.hpp"
#include "sense/devices/desk.hpp"
#include "sense/things/things.hpp"

namespace zhili::app {

namespace devices = sense::devices;
namespace observations = sense::observations;
namespace rules = respond::rules;

namespace {

constexpr auto retry_after = std::chrono::seconds(1);

rules::Reading reading_of(observations::Batch const& batch, observations::Batch::Row const& row) {
  using Kind = observations::ValueKind;
  rules::Reading out{.stream = row.datastream, .at_ms = row.t, .value = row.number, .quality = row.flags};
  switch (row.kind) {
    case Kind::number: break;
    case Kind::truth: out.type = rules::ValueType::truth; [[fallthrough]];
    case Kind::count: out.value = static_cast<double>(row.integer); break;
    case Kind::text:
    case Kind::json: {
      auto const* side = batch.find_side(row);
      out.type = rules::ValueType::text;
      out.value = rules::text_number(side ? side->text : std::string());
      break;
    }
  }
  return out;
}

std::string holder_name(core::TimeSource const& time) { return fmt::format("process {} since {}", ::getpid(), core::to_ms(time.now())); }

}  // namespace

std::string place_key(devices::Device const& device) {
  if (!device.component.empty()) return device.component;
  return device.place.empty() ? std::string() : device.area + "/" + device.place;
}

RulesAtWork::RulesAtWork(Parts parts) : parts_(std::move(parts)), needed_after_(parts_.observations.position()) {
  std::vector<catalogue::Finding> findings;
  rules_ = catalogue::rules::read_rules(*parts_.catalogue, findings);
  for (auto const& one : findings) spdlog::error("rules: {}:{} {}", one.file, one.line, one.what.en);
  for (auto const* property : parts_.catalogue->properties()) property_of_[property->definition] = property->id;
  keeper_ = std::make_unique<rules::Keeper>(rules::Keeper::Parts{.db = parts_.db, .time = parts_.time, .batches = *this, .subjects = *this, .alarms = parts_.alarms, .rules = [this] { return rules_; },
                                                                .zone = parts_.zone, .calendar = parts_.calendar, .holder = holder_name(parts_.time),
                                                                .learn = [this](std::span<std::int64_t const> streams, double share) { return learn(streams, share); },
                                                                .all_is_here = parts_.all_is_here});
}

core::Result<std::unique_ptr<RulesAtWork>> RulesAtWork::open(Parts parts) {
  ZHILI_TRY(auto const needed, rules::Keeper::needed_after(parts.db));
  std::unique_ptr<RulesAtWork> out(new RulesAtWork(std::move(parts)));
  if (needed) out->needed_after_ = *needed;
  return out;
}

RulesAtWork::~RulesAtWork() { stop(); }

void RulesAtWork::start() {
  worker_ = std::make_unique<bus::Worker>([this] { return round(); });
}

void RulesAtWork::stop() {
  if (!worker_) return;
  worker_.reset();
  if (auto const done = keeper_->stop(); !done) spdlog::error("rules: {} {}", done.error().text.en, done.error().detail);
}

void RulesAtWork::wake() {
  if (worker_) worker_->wake();
}

core::Result<> RulesAtWork::changed() { return keeper_->changed(); }

std::chrono::nanoseconds RulesAtWork::round() {
  auto const more = keeper_->step();
  if (!more) {
    if (!failing_) spdlog::error("rules: {} {}; trying again", more.error().text.en, more.error().detail);
    failing_ = true;
    return retry_after;
  }
  if (failing_) spdlog::info("rules: they run again");
  failing_ = false;
  if (!keeper_->is_running()) {  // what the process that runs them still needs is not ours to let go
    auto const needed = rules::Keeper::needed_after(parts_.db);
    if (needed && *needed) needed_after_ = **needed;
  }
  return *more ? std::chrono::nanoseconds(0) : std::chrono::nanoseconds(keeper_->wait());
}

core::Result<std::vector<rules::Batch>> RulesAtWork::after(std::int64_t position, std::size_t limit) {
  ZHILI_TRY(auto const delivered, parts_.observations.batches(position, limit));
  std::vector<rules::Batch> out;
  out.reserve(delivered.size());
  for (auto const& one : delivered) {
    auto& batch = out.emplace_back(rules::Batch{.position = one.position, .received = one.received});
    batch.readings.reserve(one.batch.rows.size());
    for (auto const& row : one.batch.rows) batch.readings.push_back(reading_of(one.batch, row));
  }
  return out;
}

std::int64_t RulesAtWork::position() { return parts_.observations.position(); }

/// A stream of a type of devices is what the pack says; any other is what its definition names.
core::Result<> RulesAtWork::visit(std::function<void(rules::StreamOf)> const& stream) {
  std::unordered_map<std::int64_t, std::string> place_of;  // by thing
  std::unordered_map<std::int64_t, core::Text> thing_words, place_of_thing;
  std::unordered_map<std::string, core::Text> place_words;
  auto const done = parts_.db.read([&](store::Reader& r) -> core::Result<> {
    devices::DeviceDesk::each(r, [&](devices::Device const& device) {
      if (device.thing == 0) return;
      auto key = place_key(device);
      auto const called = device.place.empty() ? device.name : device.place;
      thing_words[device.thing] = {device.name, device.name};
      place_of_thing[device.thing] = {called, called};
      if (!key.empty()) place_words.try_emplace(key, core::Text{called, called});
      place_of[device.thing] = std::move(key);
    });
    sense::things::Things::each_datastream(r, [&](sense::things::DatastreamFacts const& facts) {
      auto const* type = parts_.catalogue->device_type(facts.device_type);
      auto const* known = type ? type->stream(facts.stream) : nullptr;
      auto const defined = property_of_.find(facts.property);
      auto property = known ? known->property : defined != property_of_.end() ? defined->second : std::string();
      if (property.empty()) return;
      auto const place = place_of.find(facts.thing);
      stream({.stream = facts.id, .thing = facts.thing, .place = place == place_of.end() ? std::string() : place->second, .property = std::move(property), .device_type = facts.device_type});
    });
    return {};
  });
  std::lock_guard const lock(mutex_);
  thing_words_ = std::move(thing_words);
  place_words_ = std::move(place_words);
  place_of_thing_ = std::move(place_of_thing);
  return done;
}

rules::SubjectWords RulesAtWork::words(rules::Subject const& subject, std::int64_t thing) {
  std::lock_guard const lock(mutex_);
  rules::SubjectWords out;
  if (auto const found = thing_words_.find(thing); found != thing_words_.end()) out.thing = found->second;
  if (subject.scope == catalogue::rules::Scope::place) {
    if (auto const found = place_words_.find(subject.id); found != place_words_.end()) out.place = found->second;
  } else if (auto const found = place_of_thing_.find(thing); found != place_of_thing_.end()) {
    out.place = found->second;
  }
  return out;
}

/// Blocks for as long as reading the days takes.
core::Result<std::array<double, 24>> RulesAtWork::learn(std::span<std::int64_t const> streams, double share) const {
  auto const until = parts_.time.now();
  rules::UsualHours usual(parts_.zone, until - usual_learned_from);
  for (auto const stream : streams) {
    ZHILI_CHECK(parts_.observations.each(stream, until - usual_learned_from, until, [&](observations::Observation const& one) {
      using Kind = observations::ValueKind;
      if (one.flags & rules::out_of_range) return true;
      if (one.value.kind == Kind::number) usual.add(one.phenomenon_time, one.value.number);
      if (one.value.kind == Kind::count) usual.add(one.phenomenon_time, static_cast<double>(one.value.integer));
      return true;
    }));
  }
  return usual.below(share);
}

}  // namespace zhili::app
