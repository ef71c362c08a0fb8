#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using respond::Role;
using respond::Stage;

constexpr std::size_t inbox_lines_max = 100;  // of one kind of work

/// Cases that wait for a role.
struct Waiting {
  Role role;
  core::Text title;
  std::optional<Stage> stage;  ///< none: all that are overdue
  bool own_department;
};

std::vector<Waiting> const& kinds_of_work() {
  static std::vector<Waiting> const all{
      {Role::dispatcher, {"待派遣", "To be dispatched"}, Stage::registered, false},
      {Role::dispatcher, {"待发核查", "To be sent for checking"}, Stage::reported_back, false},
      {Role::dispatcher_lead, {"已超时", "Overdue"}, std::nullopt, false},
      {Role::handler, {"待接单", "To be taken up"}, Stage::dispatched, true},
      {Role::handler, {"处置中", "Being worked on"}, Stage::handling, true},
      {Role::handler_lead, {"待接单", "To be taken up"}, Stage::dispatched, true},
      {Role::handler_lead, {"处置中", "Being worked on"}, Stage::handling, true},
      {Role::verifier, {"待核查", "To be checked"}, Stage::verifying, false},
      {Role::collector, {"待核查", "To be checked"}, Stage::verifying, false},
      {Role::acceptor, {"待结案", "To be closed"}, Stage::verified, false},
      {Role::supervisor, {"已超时", "Overdue"}, std::nullopt, false},
      {Role::evaluator, {"待考评", "To be evaluated"}, Stage::closed, false},
  };
  return all;
}

/// What one group of the inbox is asked with, so that no group stands twice.
struct GroupKey {
  core::Text title;
  std::string department;
  bool operator==(GroupKey const&) const = default;
};

class Inbox {
 public:
  Inbox(store::Reader& reader, Caller const& caller, PeopleParts const& parts)
      : reader_(reader), caller_(caller), parts_(parts), places_(parts.api.places->now()), now_(parts.api.time->now()) {}

  array groups() {
    array out;
    add_signals(out, Role::acceptor, Stage::collected, {"新上报，待受理", "New reports"});
    add_signals(out, Role::collector, Stage::checking, {"待现场核实", "To be looked at on site"});
    for (auto const& grant : caller_.grants)
      for (auto const& work : kinds_of_work())
        if (grant.role == respond::name(work.role)) add_cases(out, grant, work);
    return out;
  }

 private:
  bool covered(Role role, organise::Target const& target, std::string_view department = {}) const {
    return std::ranges::any_of(caller_.grants, [&](organise::Grant const& g) {
      return g.role == respond::name(role) && (department.empty() || g.department == department) && covers(g, target);
    });
  }

  /// Areas of the lowest level within any grant of this role; nothing: everywhere.
  std::optional<std::vector<std::int64_t>> areas_of(Role role) const {
    std::vector<std::int64_t> out;
    for (auto const& grant : caller_.grants) {
      if (grant.role != respond::name(role)) continue;
      if (grant.area.empty()) return std::nullopt;
      for (auto const& area : places_->city().areas)
        if (area.code.starts_with(grant.area)) out.push_back(area.id);
    }
    return out;
  }

  void add_cases(array& out, organise::Grant const& grant, Waiting const& work) {
    GroupKey const key{work.title, work.own_department ? grant.department : std::string()};
    if (std::ranges::find(seen_, key) != seen_.end()) return;
    seen_.push_back(key);
    respond::CaseFilter filter{.stage = work.stage, .limit = respond::list_limit_max};
    if (!work.stage) filter.overdue_at = now_;
    if (work.own_department) filter.department = grant.department;
    if (auto areas = areas_of(work.role)) {
      if (areas->empty()) return;
      filter.areas = std::move(*areas);
    }
    std::vector<respond::CaseLine> lines;
    for (auto page = next_page(filter); !page.empty() && lines.size() < inbox_lines_max; page = next_page(filter))
      for (auto& line : page)
        if (covered(work.role, target_of(*places_, line.area_id, line.item, line.department), key.department)) lines.push_back(std::move(line));
    // Who opens the inbox wants to see first what runs out first.
    std::ranges::stable_sort(lines, {}, [](auto const& line) { return line.due_at.value_or(core::Instant::max()); });
    if (lines.size() > inbox_lines_max) lines.resize(inbox_lines_max);
    auto const clocks = clocks_of(reader_, lines);
    array cases;
    for (std::size_t i = 0; i < lines.size(); ++i) cases.push_back(case_json(lines[i], clocks[i], now_, *places_, parts_.api, {}));
    out.push_back(object{{"kind", "cases"}, {"title", to_json(work.title)}, {"department", key.department}, {"cases", std::move(cases)}});
  }

  /// The next cases that fit; the filter then begins behind them.
  std::vector<respond::CaseLine> next_page(respond::CaseFilter& filter) {
    if (filter.limit == 0) return {};
    auto page = respond::list_cases(reader_, *parts_.api.cases, filter);
    if (page.size() < filter.limit) filter.limit = 0;  // that was the last
    else filter.after = respond::After{page.back().opened_at, page.back().id};
    return page;
  }

  void add_signals(array& out, Role role, Stage state, core::Text const& title) {
    if (!caller_.has_role(respond::name(role))) return;
    array signals;
    reader_.each<std::int64_t, std::string, std::int64_t, std::optional<std::int64_t>, std::optional<std::string>, std::string>(
        state == Stage::collected ? "SELECT id, item, received_at, area_id, words, channel FROM signal WHERE state = 1 ORDER BY id"
                                  : "SELECT id, item, received_at, area_id, words, channel FROM signal WHERE state = 2 ORDER BY id",
        [&](std::int64_t id, std::string item, std::int64_t received, std::optional<std::int64_t> area, std::optional<std::string> words,
            std::string channel) {
          if (signals.size() == inbox_lines_max || !covered(role, target_of(*places_, area, item, ""))) return;
          auto const at = core::from_ms(received);
          auto const* where = area ? places_->area(*area) : nullptr;
          signals.push_back(object{
              {"no", respond::public_number(parts_.api.installation->prefix, id, at, parts_.api.zone)},
              {"item", object{{"code", item}, {"name", to_json(catalogue::name_of(parts_.api.catalogue->find(item), item))}}},
              {"received_at", time_json(at, parts_.api.zone)},
              {"area", where ? value(object{{"id", where->id}, {"name", to_json(where->name)}}) : value(nullptr)},
              {"channel", channel},
              {"words", words ? value(*words) : value(nullptr)}});
        });
    out.push_back(object{{"kind", "signals"}, {"title", to_json(title)}, {"signals", std::move(signals)}});
  }

  store::Reader& reader_;
  Caller const& caller_;
  PeopleParts const& parts_;
  std::shared_ptr<sense::places::PlaceIndex const> places_;
  core::Instant now_;
  std::vector<GroupKey> seen_;
};

Response inbox(Request const& request, PeopleParts const& parts) {
  auto const told = [&]() -> core::Result<object> {
    ZHILI_TRY(auto const caller, parts.gate->caller(request));
    ZHILI_TRY(auto groups, parts.api.db->read([&](store::Reader& reader) { return Inbox(reader, caller, parts).groups(); }));
    return object{{"groups", std::move(groups)}};
  }();
  return told ? private_json(boost::json::serialize(*told)) : Response::problem(told.error());
}

}  // namespace

void mount_inbox(Router& router, PeopleParts const& parts) {
  router.get("/api/v1/inbox", [parts](Request const& request) { return inbox(request, parts); });
}

}  // namespace zhili::web
