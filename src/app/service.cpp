#include "app/service.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <condition_variable>

#include "app/watch.hpp"
#include "catalogue/pack.hpp"
#include "web/assets/carried.hpp"
#include "web/open311/open311.hpp"
#include "web/people/people.hpp"
#include "web/photo/keeping.hpp"

namespace zhili::app {

namespace {

using core::Errc;
using core::fail;

constexpr auto timer_every = std::chrono::milliseconds(500);
/// After a piece of timers the writer is left to requests for so many times as long: a mass of timers must not be felt.
constexpr int timer_pause_factor = 3;
constexpr auto follow_every = std::chrono::seconds(1);
constexpr std::size_t timers_per_pass = 1'000;

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

core::Result<Address> address_of(std::string const& listen) {
  auto const colon = listen.rfind(':');
  Address out;
  auto const bad = fail(Errc::invalid, "listen.form",
                        {fmt::format("--listen “{}”不对。请写成 127.0.0.1:8080 或 [::1]:8080。", listen),
                         fmt::format("--listen \"{}\" is not right. Write 127.0.0.1:8080 or [::1]:8080.", listen)}, "--listen");
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

core::Result<std::unique_ptr<Service>> Service::open(CommonOptions const& common, core::TimeSource const& time) {
  std::unique_ptr<Service> out(new Service());
  ZHILI_TRY(out->runtime_, Runtime::open(common, time));
  auto& runtime = *out->runtime_;
  ZHILI_TRY(out->vault_, store::Vault::open(runtime.db(), {database_url(common), runtime.data() / "master.key"}, time));
  out->finder_ = std::make_unique<Finder>(runtime);
  out->photos_ = std::make_unique<web::PhotoStore>(photos_folder(runtime.data()));
  out->cases_ = std::make_unique<respond::CaseDesk>(runtime.db(), runtime.catalogue(), *out->finder_, *out->photos_, runtime.calendar());
  out->signals_ = std::make_unique<respond::SignalDesk>(runtime.db(), *out->vault_, runtime.catalogue(), *out->cases_, *out->finder_,
                                                        *out->photos_, time);
  out->clockwork_ = std::make_unique<respond::Clockwork>(runtime.db(), *out->cases_, *out->signals_);
  out->accounts_ = std::make_unique<organise::Accounts>(runtime.db(), runtime.installation(), time);
  out->sessions_ = std::make_unique<organise::Sessions>(runtime.db(), *out->accounts_, time);
  out->api_keys_ = std::make_unique<web::open311::ApiKeys>(runtime.db(), time);
  out->tiles_ = std::make_unique<web::Tiles>(runtime.places());
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

web::Router Service::routes(ServiceOptions const& options) {
  web::ApiParts parts{.db = &runtime_->db(), .time = &runtime_->time(), .catalogue = runtime_->catalogue(),
                      .installation = &runtime_->installation(), .places = &runtime_->places(), .zone = runtime_->zone(),
                      .calendar = &runtime_->calendar(), .cases = &case_index_, .desk = signals_.get(), .photos = photos_.get(),
                      .demo = options.demo};
  web::Router router;
  web::mount_api(router, parts);
  web::PeopleParts const people{.api = parts, .accounts = accounts_.get(), .sessions = sessions_.get(), .cases = cases_.get(),
                                .gate = std::make_shared<web::Gate const>(runtime_->db(), *accounts_, *sessions_)};
  web::mount_people(router, people);
  open311_ = std::make_unique<web::open311::CityBackend>(parts, *signals_, [this](std::string_view key) { return api_keys_->holder(key); });
  web::open311::Options open311;
  open311.changed = runtime_->time().now();
  auto const& city = runtime_->installation().name;
  open311.contact = city.zh + " / " + city.en;
  open311.key_service = "Keys are given out by whoever runs this installation: zhili key issue.";
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
                                    [this](ControlRequest const& request) { return do_control(request, {runtime_->db(), *vault_, *photos_, *accounts_, runtime_->time()}); }));
  timers_ = std::jthread([this](std::stop_token stop) { fire_timers(std::move(stop)); });
  follower_ = std::jthread([this](std::stop_token stop) { follow_cases(std::move(stop)); });
  sweep_ = std::jthread([this] {
    if (auto const swept = web::sweep_photos(db(), *photos_, web::photos_before_now()); !swept)
      spdlog::error("photos: {} {}", swept.error().text.en, swept.error().detail);
  });
  return {};
}

void Service::stop() {
  health_.draining();
  timers_ = {};
  follower_ = {};
  sweep_ = {};
  control_.reset();
  if (server_) server_->stop();
  server_.reset();
}

void Service::run_timers(core::Instant now) {
  for (;;) {
    auto const fired = clockwork_->run_due(now, timers_per_pass);
    if (!fired) {
      spdlog::error("timers: {} {}", fired.error().text.en, fired.error().detail);
      return;
    }
    if (*fired == 0) return;
  }
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

namespace {

/// Does something again and again until it is to stop; it says how long to wait.
template <class Work>
void repeat(std::stop_token const& stop, Work const& work) {
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    auto const pause = work();
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, pause, [] { return false; });
  }
}

}  // namespace

void Service::fire_timers(std::stop_token stop) {
  repeat(stop, [this] {
    auto const began = std::chrono::steady_clock::now();
    auto const fired = clockwork_->run_due(runtime_->time().now(), respond::timers_per_write);
    if (!fired) spdlog::error("timers: {} {}", fired.error().text.en, fired.error().detail);
    if (fired.value_or(0) == 0) return std::chrono::nanoseconds(timer_every);
    return timer_pause_factor * std::chrono::nanoseconds(std::chrono::steady_clock::now() - began);
  });
}

/// Whoever asks follows too; this keeps small what the first to ask after a quiet hour has to take in.
void Service::follow_cases(std::stop_token stop) {
  repeat(stop, [this] {
    auto const followed = db().read([this](store::Reader& reader) { case_index_.follow(reader); });
    if (!followed) spdlog::error("cases: {} {}", followed.error().text.en, followed.error().detail);
    return follow_every;
  });
}

}  // namespace zhili::app
