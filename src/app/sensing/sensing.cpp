#include "app/sensing/sensing.hpp"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/repeat.hpp"

namespace zhili::app {

using namespace sense;

namespace {

constexpr std::string_view program_user = "key";  // of MQTT
constexpr std::size_t batches_heard_at_once = 32;
constexpr auto hear_every = std::chrono::milliseconds(200);
constexpr auto extents_written_every = std::chrono::minutes(1);
constexpr auto compaction_looked_at_every = std::chrono::seconds(1);
constexpr auto memory_given_back_every = std::chrono::seconds(15);
constexpr auto days_of = [](core::Duration keep) { return std::chrono::duration_cast<std::chrono::days>(keep + std::chrono::hours(23)); };

void report(std::string_view what, core::Result<> const& done) {
  if (!done) spdlog::error("{}: {} {}", what, done.error().text.en, done.error().detail);
}
/// What is written there is written at the end, and what is read is whole blocks: the pages that were used last are seldom used again.
constexpr std::size_t observations_cache_mib = 4, observations_reader_cache_mib = 2;

template <class T>
void report(std::string_view what, core::Result<T> const& done) {
  if (!done) spdlog::error("{}: {} {}", what, done.error().text.en, done.error().detail);
}

}  // namespace

Sensing::Sensing(Runtime& runtime) : runtime_(runtime), things_(runtime.db()), extents_(runtime.db()), quarantine_(runtime.db(), runtime.time()) {}

core::Result<std::unique_ptr<Sensing>> Sensing::open(CommonOptions const& common, Runtime& runtime, store::Vault& vault, SensingDesks desks) {
  std::unique_ptr<Sensing> out(new Sensing(runtime));
  auto& db = runtime.db();
  auto const& time = runtime.time();
  ZHILI_TRY(out->observations_db_, store::Db::open_observations({.url = database_url(common), .cache_mib = observations_cache_mib, .reader_cache_mib = observations_reader_cache_mib}, time));
  ZHILI_TRY(out->observations_, observations::ObservationStore::open(*out->observations_db_, time));
  out->stored_ = std::make_unique<things::StoredObservations>(*out->observations_);
  ZHILI_TRY(out->devices_, Devices::open({db, vault, time, runtime.catalogue(), runtime.places(), out->things_, *out->observations_, runtime.zone()}));
  out->facts_ = std::make_unique<SensingFacts>(db, *out->devices_, *out->observations_);
  out->store_sink_ = std::make_unique<ingest::StoreSink>(*out->observations_);
  out->sink_ = std::make_unique<things::ThingsSink>(*out->store_sink_, out->things_, out->extents_);
  ZHILI_TRY(out->intake_, ingest::Intake::open({time, *out->facts_, out->units_, *out->sink_, out->quarantine_}));
  report("things", out->extents_.reconcile(*out->stored_));
  out->alarms_ = std::make_unique<AlarmsAtWork>(AlarmsAtWork::Parts{.db = db, .time = time, .catalogue = runtime.catalogue(), .installation = runtime.installation(), .places = runtime.places(),
                                                                    .signals = desks.signals, .cases = desks.cases, .duties = desks.duties});
  ZHILI_TRY(out->rules_, RulesAtWork::open({.db = db, .time = time, .catalogue = runtime.catalogue(), .observations = *out->observations_, .zone = runtime.zone(), .calendar = runtime.calendar(),
                                            .alarms = out->alarms_->desk(), .all_is_here = [own = out.get()] { return !own->fetching_ || own->fetching_->all_is_here(); }}));
  out->mqtt_commands_ = std::make_unique<MqttCommands>(db, out->devices_->commands(), runtime.zone());
  out->heard_ = out->observations_->position();
  out->keep_what_is_needed();
  out->listen();
  return out;
}

Sensing::~Sensing() { stop(); }

/// What changes in one part is told to the others after its commit. The rules are told a moment later: that writes, and this may be the
/// writer's thread.
void Sensing::listen() {
  things_.on_change([this](things::Change const& change) {
    for (auto const& datastream : change.datastreams) intake_->put(facts_->fact_of(datastream));
    for (auto const gone : change.gone) intake_->forget_stream(gone);
    streams_changed_ = true;
  });
  facts_->keep_informed(*intake_);
  devices_->gate().on_change([this](std::span<devices::Id const>) { streams_changed_ = true; });
  observations_->on_batch([this](std::int64_t) { rules_->wake(); });
}

/// Batches that devices or rules still have to read.
void Sensing::keep_what_is_needed() { observations_->keep_after(std::min(heard_, rules_->needed_after())); }

std::optional<core::Text> Sensing::rule_name(std::string const& rule) const {
  auto const found = std::ranges::find(rules_->rules(), rule, &respond::rules::Rule::id);
  return found == rules_->rules().end() ? std::nullopt : std::optional(found->name);
}

std::optional<ingest::Source> Sensing::device_source(std::string_view token, ingest::Way way) const {
  auto const pass = devices_->gate().who(token);
  if (!pass) return std::nullopt;
  return ingest::Source{.way = way, .device = pass->device};
}

/// A device by its serial number and its password; a program as "key" with its API key.
std::optional<web::mqtt::Who> Sensing::who(std::string_view user, std::string_view password, std::function<bool(std::string_view)> const& is_program) const {
  if (user == program_user) return is_program(password) ? std::optional(web::mqtt::Who{.source = {.way = ingest::Way::mqtt_sensorthings, .any_stream = true}}) : std::nullopt;
  auto const pass = devices_->gate().who(user, password);
  if (!pass) return std::nullopt;
  return web::mqtt::Who{.source = {.way = ingest::Way::mqtt_device, .device = pass->device}, .serial = std::string(user)};
}

bool Sensing::is_public(std::int64_t datastream) {
  auto const found = runtime_.db().read([&](store::Reader& reader) { return things::Things::datastream(reader, datastream); });
  return found && *found && !(*found)->is_private;
}

core::Result<> Sensing::start(MqttOptions mqtt, core::TimeSource const& wall, std::function<bool(std::string_view)> is_program) {
  fetching_ = std::make_unique<Fetching>(runtime_.db(), wall);
  if (mqtt.door || !mqtt.nats.empty()) {
    ZHILI_TRY(mqtt_, Mqtt::open(std::move(mqtt), {.intake = *intake_,
                                                  .time = runtime_.time(),
                                                  .wall = wall,
                                                  .who = [this, is_program = std::move(is_program)](std::string_view user, std::string_view password) { return who(user, password, is_program); },
                                                  .is_public = [this](std::int64_t datastream) { return is_public(datastream); },
                                                  .commands = *mqtt_commands_,
                                                  .fetching = *fetching_}));
  }
  devices_->start();
  alarms_->start();
  rules_->start();
  follower_ = std::jthread([this](std::stop_token stop) { follow(std::move(stop)); });
  compactor_ = std::jthread([this](std::stop_token stop) { compact(std::move(stop)); });
  return {};
}

void Sensing::stop() {
  mqtt_.reset();
  if (!follower_.joinable()) return;
  follower_ = {};
  compactor_ = {};
  observations_->on_batch({});
  rules_->stop();
  alarms_->stop();
  devices_->stop();
  report("things", extents_.flush());
}

/// Devices are told of what was stored, also by other processes.
void Sensing::hear() {
  for (;;) {
    auto const batches = observations_->batches(heard_, batches_heard_at_once);
    if (!batches) return report("devices", batches);
    for (auto const& batch : *batches) {
      devices_->heard(batch);
      heard_ = batch.position;
    }
    keep_what_is_needed();
    if (batches->size() < batches_heard_at_once) return;
  }
}

void Sensing::tell_rules() {
  if (!streams_changed_.exchange(false)) return;
  auto const told = rules_->changed();
  if (!told) streams_changed_ = true;  // with the next turn
  if (!told && !rules_unaware_) report("rules", told);
  rules_unaware_ = !told;
}

void Sensing::follow(std::stop_token stop) {
  auto write_at = std::chrono::steady_clock::now() + extents_written_every;
  repeat(stop, [&] {
    hear();
    tell_rules();
    if (auto const now = std::chrono::steady_clock::now(); now >= write_at) {
      report("things", extents_.flush());
      write_at = now + extents_written_every;
    }
    return hear_every;
  });
}

void Sensing::tidy(std::function<bool()> const& stop) {
  auto const now = runtime_.time().now();
  report("observations", observations_->roll_up(now, stop));
  report("observations", observations_->expire(
                             now,
                             [&](std::int64_t datastream) -> observations::Keeping {
                               auto const found = runtime_.db().read([&](store::Reader& reader) { return things::Things::datastream(reader, datastream); });
                               auto const* type = found && *found ? runtime_.catalogue()->device_type((*found)->device_type) : nullptr;
                               auto const* stream = type ? type->stream((*found)->stream) : nullptr;
                               if (!stream) return {};  // what no pack speaks of is kept
                               return {days_of(stream->keep.raw), days_of(stream->keep.minute), days_of(stream->keep.hour)};
                             },
                             stop));
  report("quarantine", quarantine_.sweep());
}

void Sensing::compact(std::stop_token stop) {
  auto tidy_at = std::chrono::steady_clock::now() + tidy_observations_every;
  auto give_back_at = std::chrono::steady_clock::now() + memory_given_back_every;
  auto const ends = [&] { return stop.stop_requested(); };
  repeat(stop, [&] {
    if (observations_->wants_compaction()) report("observations", observations_->compact(ends));
    report("observations", observations_->forget_batches());
    if (auto const now = std::chrono::steady_clock::now(); now >= tidy_at) {
      tidy(ends);
      tidy_at = now + tidy_observations_every;
    }
    // What batches and blocks were made in is free, but the allocator keeps it: on a small server a third of all.
    if (auto const now = std::chrono::steady_clock::now(); now >= give_back_at) {
      ::malloc_trim(0);
      give_back_at = now + memory_given_back_every;
    }
    return compaction_looked_at_every;
  });
}

}  // namespace zhili::app
