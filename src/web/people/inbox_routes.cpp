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

constexpr std::size_t asking_cases_max = 1'000;  // looked at for those that somebody may decide

/// Cases that wait for a role.
struct Waiting {
  Role role;
  core::Text title;
  std::optional<Stage> stage;  ///< none: all that are overdue
  bool own_department;
  respond::Asked asked = respond::Asked::nothing;  ///< instead of a stage: those in which this is asked
};

std::vector<Waiting> const& kinds_of_work() {
  static std::vector<Waiting> const all{
      {Role::dispatcher, {"待派遣", "To be dispatched"}, Stage::registered, false},
      {Role::dispatcher, {"待发核查", "To be sent for checking"}, Stage::reported_back, false},
      {Role::dispatcher_lead, {"待批延期", "More time is asked for"}, std::nullopt, false, respond::Asked::extension},
      {Role::dispatcher_lead, {"待批挂账", "Suspension is asked for"}, std::nullopt, false, respond::Asked::suspension},
      {Role::dispatcher_lead, {"已超时", "Overdue"}, std::nullopt, false},
      {Role::handler, {"待接单", "To be taken up"}, Stage::dispatched, true},
      {Role::handler, {"处置中", "Being worked on"}, Stage::handling, true},
      {Role::handler_lead, {"待接单", "To be taken up"}, Stage::dispatched, true},
      {Role::handler_lead, {"处置中", "Being worked on"}, Stage::handling, true},
      {Role::verifier, {"待核查", "To be checked"}, Stage::verifying, false},
      {Role::collector, {"待核查", "To be checked"}, Stage::verifying, false},
      {Role::acceptor, {"待结案", "To be closed"}, Stage::verified, false},
      {Role::supervisor, {"已超时", "Overdue"}, std::nullopt, false},
      {Role::evaluator, {"待裁申诉", "Appeals to be decided"}, std::nullopt, false, respond::Asked::appeal},
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
  Inbox(store::Reader& reader, Caller const& caller, PeopleParts const& parts, std::size_t lines)
      : reader_(reader), caller_(caller), parts_(parts), lines_(lines), places_(parts.api.places->now()), now_(parts.api.time->now()) {}

  array groups() {
    array out;
    add_signals(out, {Role::acceptor}, "state = 1", {"新上报，待受理", "New reports"});
    add_signals(out, {Role::collector}, "state = 2", {"待现场核实", "To be looked at on site"});
    add_signals(out, {Role::acceptor},
                "released = 1 AND private = 0 AND id IN (SELECT subject FROM photo WHERE everybody = 3 UNION SELECT c.signal_id FROM photo p JOIN casefile c ON c.id = p.subject "
                "WHERE p.everybody = 3)",
                {"后来的照片，待看过再公开", "Later photos, to be looked at before they are public"});
    add_signals(out, {Role::supervisor, Role::evaluator}, "objection = 1", {"对不予立案的申诉，待答复", "Objections to a rejection, to be answered"});
    add_signals(out, {Role::acceptor, Role::supervisor}, "objection = 2", {"对没有公开的内容的申诉，待答复", "Objections to what is kept back, to be answered"});
    for (auto const& grant : caller_.grants)
      for (auto const& work : kinds_of_work())
        if (grant.role == respond::name(work.role)) add_cases(out, grant, work);
    for (auto const& more : parts_.more_waiting)
      for (auto& group : more.groups(reader_, caller_, lines_)) out.push_back(std::move(group));
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

  /// A case that waits, as far as its order and its right are concerned.
  struct Line {
    core::Instant due;
    std::int64_t id;
    auto operator<=>(Line const&) const = default;
  };

  std::vector<Line> in_stage(Waiting const& work, std::string const& department) {
    respond::CaseFilter filter{.stage = work.stage};
    if (!work.stage) filter.overdue_at = now_;
    if (work.own_department) filter.department = department;
    if (auto areas = areas_of(work.role)) {
      if (areas->empty()) return {};
      filter.areas = std::move(*areas);
    }
    std::vector<Line> out;
    parts_.api.cases->follow(reader_);
    parts_.api.cases->each(filter, [&](respond::CaseFact const& fact) {
      auto const area = fact.area != 0 ? std::optional(fact.area) : std::nullopt;
      if (covered(work.role, target_of(*places_, area, std::string(fact.item), std::string(fact.department)), department))
        out.push_back({fact.due_at.value_or(core::Instant::max()), fact.id});
    });
    return out;
  }

  std::vector<Line> asking(Waiting const& work) {
    std::vector<Line> out;
    for (auto const& line : respond::find_cases(reader_, respond::asking_cases(reader_, work.asked, asking_cases_max)))
      if (covered(work.role, target_of(*places_, line.area_id, line.item, line.department)))
        out.push_back({line.due_at.value_or(core::Instant::max()), line.id});
    return out;
  }

  void add_cases(array& out, organise::Grant const& grant, Waiting const& work) {
    GroupKey const key{work.title, work.own_department ? grant.department : std::string()};
    if (std::ranges::find(seen_, key) != seen_.end()) return;
    seen_.push_back(key);
    auto waiting = work.asked == respond::Asked::nothing ? in_stage(work, key.department) : asking(work);
    auto const count = waiting.size();
    // Who opens the inbox wants to see first what runs out first.
    auto const shown = waiting.begin() + static_cast<std::ptrdiff_t>(std::min(count, lines_));
    std::ranges::partial_sort(waiting, shown);
    std::vector<std::int64_t> ids;
    for (auto it = waiting.begin(); it != shown; ++it) ids.push_back(it->id);
    auto lines = respond::find_cases(reader_, ids);
    std::ranges::sort(lines, {}, [](auto const& line) { return Line{line.due_at.value_or(core::Instant::max()), line.id}; });
    auto const clocks = clocks_of(reader_, lines);
    array cases;
    for (std::size_t i = 0; i < lines.size(); ++i) cases.push_back(case_json(lines[i], clocks[i], now_, *places_, parts_.api, {}));
    out.push_back(object{{"kind", "cases"}, {"title", to_json(work.title)}, {"department", key.department}, {"count", count}, {"cases", std::move(cases)}});
  }

  /// `which`: a condition of SQL, one of few.
  void add_signals(array& out, std::vector<Role> const& roles, std::string const& which, core::Text const& title) {
    if (std::ranges::none_of(roles, [&](Role role) { return caller_.has_role(respond::name(role)); })) return;
    array signals;
    std::size_t count = 0;
    reader_.each<std::int64_t, std::string, std::int64_t, std::optional<std::int64_t>, std::optional<std::string>, std::string>(
        "SELECT id, item, received_at, area_id, words, channel FROM signal WHERE " + which + " ORDER BY id",
        [&](std::int64_t id, std::string item, std::int64_t received, std::optional<std::int64_t> area, std::optional<std::string> words,
            std::string channel) {
          auto const target = target_of(*places_, area, item, "");
          if (std::ranges::none_of(roles, [&](Role role) { return covered(role, target); }) || ++count > lines_) return;
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
    out.push_back(object{{"kind", "signals"}, {"title", to_json(title)}, {"count", count}, {"signals", std::move(signals)}});
  }

  store::Reader& reader_;
  Caller const& caller_;
  PeopleParts const& parts_;
  std::size_t const lines_;
  std::shared_ptr<sense::places::PlaceIndex const> places_;
  core::Instant now_;
  std::vector<GroupKey> seen_;
};

core::Result<Response> inbox(Call const& call, PeopleParts const& parts) {
  ZHILI_TRY(auto groups, parts.api.db->read([&](store::Reader& reader) { return Inbox(reader, call.caller(), parts, waiting_lines(call.query)).groups(); }));
  return Response::json(boost::json::serialize(object{{"groups", std::move(groups)}}));
}

Shape inbox_shape(PeopleParts const& parts) {
  using namespace shape;
  auto const signal = record("WaitingSignal", {{"no", text()}, {"item", named_shape()}, {"received_at", time()}, {"area", nullable(area_name_shape())},
                                               {"channel", text()}, {"words", nullable(text())}});
  std::vector<std::string> kinds{"cases", "signals"};
  std::vector<Field> more;
  for (auto const& one : parts.more_waiting) {
    kinds.push_back(one.field.name);
    more.push_back(one.field);
  }
  std::vector<Field> group{{"kind", choice(std::move(kinds))}, {"title", both_languages()}, optional("department", text()),
                           {"count", integer(), {"一共多少件，包括没有列出的", "How many there are, with those that are not listed"}}, optional("cases", list(case_shape())), optional("signals", list(signal))};
  group.insert(group.end(), more.begin(), more.end());
  return record("Inbox", {{"groups", list(record("", std::move(group)))}});
}

}  // namespace

Field waiting_lines_field() {
  return optional("lines", shape::integer(1, waiting_lines_max), {"每组最多列出几件", "How many to list in each group at most"});
}

std::size_t waiting_lines(Input const& query) { return static_cast<std::size_t>(query.integer("lines").value_or(waiting_lines_asked)); }

void mount_inbox(Operations& operations, PeopleParts const& parts) {
  operations.add({.id = "getInbox", .method = Method::get, .pattern = "/api/v1/inbox", .summary = {"等我办的事，按职责分组", "What waits for me, by duty"}, .who = signed_in(),
                  .query = {waiting_lines_field()},
                  .good = {{.shape = inbox_shape(parts)}}},
                 [parts](Call const& call) { return inbox(call, parts); });
}

}  // namespace zhili::web
