#include "app/service.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>

#include "app/repeat.hpp"
#include "app/sensing/mounting.hpp"
#include "app/sign_on.hpp"
#include "app/watch.hpp"
#include "catalogue/pack.hpp"
#include "web/assets/carried.hpp"
#include "web/evaluation/evaluation.hpp"
#include "web/open311/open311.hpp"
#include "web/operation/openapi.hpp"
#include "web/openness/openness.hpp"
#include "web/people/acting.hpp"
#include "web/people/people.hpp"
#include "web/photo/keeping.hpp"
#include "web/reports/case_figures.hpp"
#include "web/reports/reports.hpp"

namespace zhili::app {

namespace {

using core::Errc;
using core::fail;

constexpr auto timer_every = std::chrono::milliseconds(500);
/// After a piece of timers the writer is left to requests for so many times as long: a mass of timers must not be felt.
constexpr int timer_pause_factor = 3;
constexpr auto follow_every = std::chrono::seconds(1);
constexpr auto reports_every = std::chrono::seconds(30);
constexpr auto sweep_every = std::chrono::hours(6);
constexpr auto publish_every = std::chrono::minutes(5);
constexpr std::size_t timers_per_pass = 1'000;

std::vector<respond::open_figures::AreaNode> area_tree(sense::places::PlaceIndex const& places) {
  std::vector<respond::open_figures::AreaNode> out;
  for (auto const& area : places.city().areas) {
    auto const* above = area.parent.empty() ? nullptr : places.area(std::string_view(area.parent));
    out.push_back({area.id, above ? above->id : 0});
  }
  return out;
}

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

core::Result<Address> address_of(std::string const& listen, std::string const& option = "--listen") {
  auto const colon = listen.rfind(':');
  Address out;
  auto const bad = fail(Errc::invalid, "listen.form",
                        {fmt::format("{} “{}”不对。请写成 127.0.0.1:8080 或 [::1]:8080。", option, listen),
                         fmt::format("{} \"{}\" is not right. Write 127.0.0.1:8080 or [::1]:8080.", option, listen)}, option);
  if (colon == std::string::npos) return bad;
  out.host = listen.substr(0, colon);
  if (out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']') out.host = out.host.substr(1, out.host.size() - 2);
  if (out.host == "localhost") out.host = "127.0.0.1";
  auto const* first = listen.data() + colon + 1;
  auto const [end, error] = std::from_chars(first, listen.data() + listen.size(), out.port);
  if (error != std::errc{} || end != listen.data() + listen.size() || out.host.empty()) return bad;
  return out;
}

}  // namespace

core::Result<std::unique_ptr<Service>> Service::open(CommonOptions const& common, core::TimeSource const& time, core::TimeSource const& wall) {
  std::unique_ptr<Service> out(new Service());
  out->wall_ = &wall;
  ZHILI_TRY(out->runtime_, Runtime::open(common, time));
  auto& runtime = *out->runtime_;
  ZHILI_TRY(out->vault_, store::Vault::open(runtime.db(), {database_url(common), runtime.data() / "master.key"}, time));
  out->finder_ = std::make_unique<Finder>(runtime);
  out->photos_ = std::make_unique<web::PhotoStore>(photos_folder(runtime.data()));
  out->cases_ = std::make_unique<respond::CaseDesk>(runtime.db(), runtime.catalogue(), *out->finder_, *out->photos_, runtime.calendar());
  out->signals_ = std::make_unique<respond::SignalDesk>(runtime.db(), *out->vault_, runtime.catalogue(), *out->cases_, *out->finder_,
                                                        *out->photos_, time);
  out->clockwork_ = std::make_unique<respond::Clockwork>(runtime.db(), *out->cases_, *out->signals_);
  out->evaluation_ = std::make_unique<respond::evaluation::Keeper>(runtime.db(), runtime.catalogue(), runtime.calendar(), runtime.zone());
  out->open_figures_ = std::make_unique<respond::open_figures::Publisher>(runtime.db(), runtime.catalogue(), runtime.zone(), [&places = runtime.places()] { return area_tree(*places.now()); });
  out->accounts_ = std::make_unique<organise::Accounts>(runtime.db(), runtime.installation(), time);
  out->sessions_ = std::make_unique<organise::Sessions>(runtime.db(), *out->accounts_, wall);
  ZHILI_TRY(auto const private_words, rules_file(common, "private-words.yaml"));
  ZHILI_TRY(out->private_words_, organise::read_private_words_rules(private_words));
  ZHILI_TRY(out->phone_, Phone::open(common, runtime, *out->vault_, *out->signals_));
  out->api_keys_ = std::make_unique<organise::ApiKeys>(runtime.db(), time);
  ZHILI_TRY(out->sign_on_, open_sign_on(runtime, *out->accounts_, *out->sessions_));
  out->passkeys_ = std::make_unique<organise::Passkeys>(runtime.db(), *out->accounts_, *out->sessions_, relying_party(runtime.installation()));
  out->tiles_ = std::make_unique<web::Tiles>(runtime.places());
  out->figures_ = std::make_unique<web::CaseFigures>(out->api_parts({}), *out->cases_, *out->evaluation_);
  out->reports_ = std::make_unique<assure::reports::Desk>(runtime.db(), runtime.catalogue(), *out->figures_, time);
  ZHILI_TRY(out->sensing_, Sensing::open(common, runtime, *out->vault_, {*out->signals_, *out->cases_, *out->finder_}));
  ZHILI_TRY(out->outward_, Outward::open(runtime, out->api_parts({}), *out->cases_, *out->vault_));
  ZHILI_CHECK(runtime.db().read([&](store::Reader& reader) { out->case_index_.follow(reader); }));
  out->add_health();
  add_metrics(out->metrics_, *out);
  return out;
}

Service::~Service() { stop(); }

void Service::add_health() {
  health_.add("database", [this]() -> core::Result<> {
    return runtime_->db().read([](store::Reader& reader) -> core::Result<> {
      reader.value<std::int64_t>("SELECT 1");
      return {};
    });
  });
}

web::ApiParts Service::api_parts(std::optional<web::DemoFace> demo) {
  return {.db = &runtime_->db(), .time = &runtime_->time(), .catalogue = runtime_->catalogue(),
          .installation = &runtime_->installation(), .places = &runtime_->places(), .zone = runtime_->zone(),
          .calendar = &runtime_->calendar(), .cases = &case_index_, .desk = signals_.get(), .photos = photos_.get(),
          .demo = std::move(demo)};
}

web::Router Service::routes(ServiceOptions const& options) {
  auto const gate = std::make_shared<web::Gate const>(runtime_->db(), *accounts_, *sessions_, *api_keys_, runtime_->time());
  auto parts = api_parts(options.demo);
  parts.duty_of = web::duty_by(gate, runtime_->places());
  web::Router router;
  auto const holder_with = [this](organise::Scope scope) {
    return [this, scope](std::string_view secret) -> core::Result<std::string> {
      ZHILI_TRY(auto key, api_keys_->find(secret));
      ZHILI_CHECK(organise::need_scope(key, scope));
      return std::move(key.holder);
    };
  };
  web::PeopleParts people{.api = parts, .accounts = accounts_.get(), .sessions = sessions_.get(), .keys = api_keys_.get(),
                                .sign_on = sign_on_.get(), .passkeys = passkeys_.get(), .cases = cases_.get(),
                                .gate = gate,
                                .vault = vault_.get(), .private_words = &private_words_};
  auto const phone = phone_->parts(people);
  people.more_waiting.push_back(web::call_backs_waiting(phone));
  web::Operations operations(router, people.gate);
  web::mount_api(operations, parts);
  web::mount_people(operations, router, people);
  web::mount_feeds(operations, parts);
  web::ReportParts const reports{.people = people, .desk = reports_.get()};
  web::mount_reports(operations, reports);
  web::mount_report_files(operations, reports);
  web::mount_views(operations, people);
  web::mount_report_feed(router, parts);
  outward_->mount(operations, people, metrics_);
  web::mount_algorithms(operations, parts);
  web::mount_open_data(operations, parts);
  web::mount_phone(operations, phone);
  web::mount_evaluation(operations, people);
  mount_sensing(operations, router, people, *sensing_, options.mqtt.empty() ? std::vector<std::string>{} : std::vector{(options.tls ? "mqtts://" : "mqtt://") + options.mqtt}, metrics_);
  web::mount_openapi(operations, router);
  open311_ = std::make_unique<web::open311::CityBackend>(parts, *signals_, *vault_, holder_with(organise::Scope::open311_write));
  web::open311::Options open311;
  open311.changed = runtime_->time().now();
  auto const& city = runtime_->installation().name;
  open311.contact = city.zh + " / " + city.en;
  open311.key_service = "Keys are given out by whoever runs this installation: zhili key issue --scope open311.write.";
  web::open311::mount(router, *open311_, open311, photos_.get(), runtime_->time());
  web::mount_photos(router, *photos_, [this, people](web::Request const& request, std::string_view name) {
    bool const released = db().read([&](store::Reader& reader) { return web::may_see_photo(reader, name); }).value_or(false);
    if (released) return web::MaySee::everybody;
    return web::staff_may_see_photo(request, name, people) ? web::MaySee::this_person : web::MaySee::nobody;
  });
  router.get("/tiles/{z}/{x}/{y}.mvt", [this](web::Request const& request) {
    std::uint32_t at[3] = {};
    std::string_view const names[3] = {"z", "x", "y"};
    for (int i = 0; i < 3; ++i) {
      auto const text = request.param(names[i]);
      if (std::from_chars(text.data(), text.data() + text.size(), at[i]).ptr != text.data() + text.size())
        return web::Response::problem({Errc::not_found, "tile.unknown", {"没有这张瓦片。", "There is no such tile."}});
    }
    auto const tile = tiles_->tile(at[0], at[1], at[2]);
    if (!tile) return web::Response::problem(tile.error());
    web::Response out{.type = "application/vnd.mapbox-vector-tile", .shared = *tile};
    out.headers.add("Cache-Control", "public, max-age=300");
    return out;
  });
  auto const page = std::make_shared<std::string const>(catalogue::page_html(*runtime_->catalogue()));
  router.get("/catalogue.html", [page](web::Request const&) { return web::Response{.type = "text/html; charset=utf-8", .shared = page}; });
  web::mount_health(router, health_);
  web::mount_metrics(router, metrics_, false);
  web::mount_assets(router, std::make_shared<web::Assets const>(web::carried_assets()));
  return router;
}

core::Result<> Service::start(ServiceOptions const& options) {
  ZHILI_TRY(auto const address, address_of(options.listen));
  web::ServerOptions server{.address = address.host, .port = address.port, .tls = options.tls};
  ZHILI_TRY(server_, web::Server::start(std::move(server), routes(options), metrics_, runtime_->time()));
  ZHILI_TRY(control_, Control::open(runtime_->data().string(),
                                    [this](ControlRequest const& request) {
                                      if (about_hotlines(request)) return phone_->do_control(request);
                                      if (about_devices(request)) return sensing_->devices().do_control(request);
                                      if (about_rules(request)) return do_with_rules(request, rule_door());
                                      return about_users(request) ? do_with_user(request, db(), *accounts_)
                                                                  : do_control(request, {db(), *vault_, *photos_, *api_keys_, &sensing_->observations_db()});
                                    }));
  timers_ = std::jthread([this](std::stop_token stop) { fire_timers(std::move(stop)); });
  follower_ = std::jthread([this](std::stop_token stop) { follow_cases(std::move(stop)); });
  reporter_ = std::jthread([this](std::stop_token stop) { draft_reports(std::move(stop)); });
  outward_->start();
  counting_ = std::jthread([this](std::stop_token stop) { follow_evaluation(std::move(stop)); });
  sweep_ = std::jthread([this](std::stop_token stop) { sweep(std::move(stop)); });
  return start_sensing(options);
}

RuleDoor Service::rule_door() {
  auto& rules = sensing_->rules();
  return {.keeper = rules.keeper(), .time = runtime_->time(), .zone = zone(), .replay = std::bind_front(&RulesAtWork::replay, &rules), .subject = std::bind_front(&RulesAtWork::subject, &rules),
          .ends = [this] { return stopping_.load(); }};
}

core::Result<> Service::start_sensing(ServiceOptions const& options) {
  MqttOptions mqtt{.nats = options.nats.empty() ? nats_on_loopback() : options.nats};
  if (!options.mqtt.empty()) {
    ZHILI_TRY(auto const at, address_of(options.mqtt, "--mqtt"));
    mqtt.door = web::mqtt::DoorOptions{.address = at.host, .port = at.port, .tls = options.tls};
  }
  return sensing_->start(std::move(mqtt), *wall_, [this](std::string_view secret) {
    auto const key = api_keys_->find(secret);
    return key && key->may(organise::Scope::sensing_write);
  });
}

core::Result<> Service::reload_tls() {
  ZHILI_CHECK(server_->reload_tls());
  auto* const mqtt = sensing_->mqtt();
  return mqtt && mqtt->door() ? mqtt->door()->reload_tls() : core::Result<>();
}

void Service::stop() {
  stopping_ = true;
  health_.draining();
  timers_ = {};
  follower_ = {};
  reporter_ = {};
  if (outward_) outward_->stop();  // opening may have failed before
  counting_ = {};
  sweep_ = {};
  control_.reset();
  if (server_) server_->stop();
  server_.reset();
  if (sensing_) sensing_->stop();  // what requests have brought is heard
}

void Service::run_timers(core::Instant now) {
  if (auto const drafted = reports_->run_due(now); !drafted) spdlog::error("reports: {} {}", drafted.error().text.en, drafted.error().detail);
  for (;;) {
    auto const fired = clockwork_->run_due(now, timers_per_pass);
    if (!fired) {
      spdlog::error("timers: {} {}", fired.error().text.en, fired.error().detail);
      return;
    }
    if (*fired == 0) break;
  }
  sensing_->alarms().run(now);
}

void Service::publish_figures(core::Instant now) {
  if (auto const published = open_figures_->run_due(now); !published)
    spdlog::error("open figures: {} {}", published.error().text.en, published.error().detail);
}

void Service::count_and_publish(core::Instant now) {
  if (auto const counted = evaluation_->catch_up(); !counted) spdlog::error("evaluation: {} {}", counted.error().text.en, counted.error().detail);
  publish_figures(now - respond::open_figures::quiet_for_minutes);
  publish_figures(now);
}

core::Result<respond::CaseState> Service::case_state(respond::Id id) {
  return db().read([&](store::Reader& reader) { return respond::CaseDesk::load(reader, id); });
}

std::optional<core::Instant> Service::next_due(respond::CaseState const& state) const {
  std::optional<core::Instant> out;
  for (auto const& clock : state.clocks) {
    auto const due = clock.state == core::ClockState::running ? clock.due(runtime_->calendar()) : std::nullopt;
    if (due && *due && (!out || **due < *out)) out = **due;
  }
  return out;
}

void Service::fire_timers(std::stop_token stop) {
  repeat(stop, [this] {
    auto const began = std::chrono::steady_clock::now();
    auto const fired = clockwork_->run_due(runtime_->time().now(), respond::timers_per_write);
    if (!fired) spdlog::error("timers: {} {}", fired.error().text.en, fired.error().detail);
    if (fired.value_or(0) == 0) return std::chrono::nanoseconds(timer_every);
    return timer_pause_factor * std::chrono::nanoseconds(std::chrono::steady_clock::now() - began);
  });
}

/// Takes away what nobody can use any more: files of photos without a row, sessions that are over.
void Service::sweep(std::stop_token stop) {
  repeat(stop, [this] {
    if (auto const swept = web::sweep_photos(db(), *photos_, web::photos_before_now()); !swept)
      spdlog::error("photos: {} {}", swept.error().text.en, swept.error().detail);
    if (auto const swept = web::sweep_once(db()); !swept) spdlog::error("keys: {} {}", swept.error().text.en, swept.error().detail);
    if (auto const swept = sessions_->sweep(); !swept) spdlog::error("sessions: {} {}", swept.error().text.en, swept.error().detail);
    return sweep_every;
  });
}

void Service::draft_reports(std::stop_token stop) {
  repeat(stop, [this] {
    if (auto const drafted = reports_->run_due(runtime_->time().now()); !drafted)
      spdlog::error("reports: {} {}", drafted.error().text.en, drafted.error().detail);
    return reports_every;
  });
}

/// Whoever asks follows too; this keeps small what the first to ask after a quiet hour has to take in.
void Service::follow_cases(std::stop_token stop) {
  repeat(stop, [this] {
    auto const followed = db().read([this](store::Reader& reader) { case_index_.follow(reader); });
    if (!followed) spdlog::error("cases: {} {}", followed.error().text.en, followed.error().detail);
    if (auto const asked = phone_->call_backs().follow(); !asked) spdlog::error("call-backs: {} {}", asked.error().text.en, asked.error().detail);
    return follow_every;
  });
}

/// After a piece the writer is left to others for about as long as the piece has held it: half of a piece is reading.
void Service::follow_evaluation(std::stop_token stop) {
  std::chrono::steady_clock::time_point publish_at{};
  repeat(stop, [this, &publish_at] {
    auto const began = std::chrono::steady_clock::now();
    auto const counted = evaluation_->follow();
    if (!counted) spdlog::error("evaluation: {} {}", counted.error().text.en, counted.error().detail);
    if (counted && counted->complete() && began >= publish_at) {
      publish_figures(runtime_->time().now());
      publish_at = began + publish_every;
    }
    if (!counted || counted->complete()) return std::chrono::nanoseconds(follow_every);
    return std::chrono::nanoseconds(std::chrono::steady_clock::now() - began) / 2;
  });
}

}  // namespace zhili::app
