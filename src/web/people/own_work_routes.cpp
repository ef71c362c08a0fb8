// One's own figures: for oneself, and for the direct lead, who leaves a trace that one reads.

#include <boost/json.hpp>

#include "core/period.hpp"
#include "respond/own_work/own_work.hpp"
#include "store/ledger.hpp"
#include "web/api/view.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

constexpr std::size_t work_month_characters = 7;
constexpr std::size_t work_looks_shown_max = 50;  ///< the last ones

/// A month is what is asked for: shorter times would watch somebody at work.
core::Result<core::Period> work_month(std::string const& text, PeopleParts const& parts) {
  auto const today = core::day_of(parts.api.time->now(), parts.api.zone);
  if (text.empty()) return core::holding(core::PeriodKind::month, today);
  auto const period = core::period_from(text);
  if (period && period->kind == core::PeriodKind::month) return *period;
  return fail(Errc::invalid, "own_work.month", {"月份写作 2026-07。", "A month is written 2026-07."}, "month");
}

respond::Within time_of_month(core::Period const& month, core::Zone const& zone) {
  auto const begins = [&](core::Day day) {
    std::chrono::year_month_day const date{std::chrono::sys_days(std::chrono::days(day))};
    return zone.instant({int(date.year()), unsigned(date.month()), unsigned(date.day()), 0});
  };
  return {begins(month.from), begins(month.to)};
}

core::Result<object> work_json(store::Reader& reader, std::string const& person, core::Period const& month, PeopleParts const& parts) {
  ZHILI_TRY(auto const work, respond::own_work(reader, "staff:" + person, time_of_month(month, parts.api.zone), *parts.api.calendar));
  return object{{"person", person}, {"month", core::to_text(month)}, {"handled", work.handled}, {"on_time", work.on_time},
                {"reworked", work.reworked}, {"returned", work.returned}};
}

/// Who looked at the figures of an account's person: by name, because between these two nothing is hidden.
array looks_json(store::Reader& reader, std::int64_t account, PeopleParts const& parts) {
  array out;
  auto const entries = store::entries_of(reader, account);
  for (auto entry = entries.rbegin(); entry != entries.rend() && out.size() < work_looks_shown_max; ++entry) {
    if (entry->kind != core::EventKind::figures_read) continue;
    auto const said = boost::json::parse(entry->payload).as_object();
    out.push_back(object{{"at", time_json(entry->at, parts.api.zone)}, {"by", entry->actor.substr(entry->actor.find(':') + 1)}, {"month", said.at("month")}});
  }
  return out;
}

core::Result<Response> own_month(Call const& call, PeopleParts const& parts) {
  ZHILI_TRY(auto const month, work_month(call.query.text("month"), parts));
  auto const& person = call.caller().session.account.person;
  return parts.api.db->read([&](store::Reader& r) -> core::Result<Response> {
    ZHILI_TRY(auto out, work_json(r, person, month, parts));
    auto const account = parts.accounts->find(r, person);  // a person is called by their first account
    out["looks"] = account ? looks_json(r, account->id, parts) : array();
    return private_json(boost::json::serialize(out));
  });
}

/// Names, and no figures beside them.
core::Result<Response> led_people(Call const& call, PeopleParts const& parts) {
  auto const& caller = call.caller();
  auto const now = parts.api.time->now();
  array people;
  ZHILI_CHECK(parts.api.db->read([&](store::Reader& r) {
    auto const appointed = parts.accounts->appointments(r);
    auto const leads = [&](std::string const& person) {  // whom somebody stands in for does not count here, so absences are not asked
      return organise::leads(caller.grants, organise::grants_of(person, now, appointed, {}, parts.accounts->posts())) != nullptr;
    };
    for (auto const& account : parts.accounts->list(r))
      if (!account.disabled && account.login == account.person && account.person != caller.session.account.person && leads(account.person))
        people.push_back(value(account.person));
  }));
  return Response::json(boost::json::serialize(object{{"people", std::move(people)}}));
}

core::Result<Response> look_at_work(Call const& call, PeopleParts const& parts) {
  ZHILI_TRY(auto const month, work_month(call.body.text("month"), parts));
  auto const person = call.path.text("person");
  auto const traced = parts.api.db->write([&](store::Writer& w) -> core::Result<> {
    auto const account = parts.accounts->find(w, person);
    auto const& caller = call.caller();
    auto const& me = caller.session.account.person;
    bool const another = account && account->login == account->person && account->person != me;
    auto const mine = parts.accounts->grants(w, me);  // as they stand when the trace is written
    auto const* by = another ? organise::leads(mine, parts.accounts->grants(w, person)) : nullptr;
    if (!by)
      return fail(Errc::forbidden, "own_work.not_lead",
                  {"只有本人和直接负责人能看个人的数字；您不是此人的直接负责人。",
                   "Only the person and their direct lead see somebody's own figures, and you do not lead this person."},
                  "person");
    w.append({.kind = core::EventKind::figures_read, .subject = account->id, .actor = caller.ref(),
              .payload = boost::json::serialize(object{{"post", by->post}, {"month", core::to_text(month)}})});
    return {};
  });
  if (!traced) return fail(traced.error());
  return parts.api.db->read([&](store::Reader& r) -> core::Result<Response> {
    ZHILI_TRY(auto const out, work_json(r, person, month, parts));
    return private_json(boost::json::serialize(out));
  });
}

std::vector<Field> own_work_fields() {
  using namespace shape;
  return {{"person", text()}, {"month", text()},
          {"handled", integer(), {"反馈和当场处置的次数", "Times that work was reported back, or done on the spot"}},
          {"on_time", integer(), {"其中在处置时限内的", "Of these, within the time for handling"}},
          {"reworked", integer(), {"其中至今被退回返工的", "Of these, sent back until now"}},
          {"returned", integer(), {"作为别人的事退回派遣的次数", "Times that it was given back as somebody else's work"}}};
}

}  // namespace

void mount_own_work(Operations& operations, PeopleParts const& parts) {
  using namespace shape;
  auto const month = optional("month", text(work_month_characters), {"哪个月，如 2026-07；不写是本月", "Which month, such as 2026-07; this one if left out"});
  auto fields = own_work_fields();
  fields.push_back({"looks", shape::list(record("", {{"at", shape::time()}, {"by", text()}, {"month", text()}})), {"谁看过，最近的在前", "Who looked, the last first"}});
  operations.add({.id = "getOwnWork", .method = Method::get, .pattern = "/api/v1/own-work", .summary = {"自己一个月的工作，和谁看过", "One's own work of a month, and who looked at it"},
                  .who = signed_in(), .query = {month}, .good = {{.shape = record("OwnWork", std::move(fields))}}},
                 [parts](Call const& call) { return own_month(call, parts); });
  operations.add({.id = "listLedPeople", .method = Method::get, .pattern = "/api/v1/led-people", .summary = {"自己直接负责的人", "Whom one leads directly"},
                  .who = signed_in(), .good = {{.shape = record("LedPeople", {{"people", shape::list(text())}})}}},
                 [parts](Call const& call) { return led_people(call, parts); });
  operations.add({.id = "lookAtWork", .method = Method::post, .pattern = "/api/v1/led-people/{person}/own-work",
                  .summary = {"看直接负责的一个人一个月的工作；此人看得到是谁看的", "Look at a month's work of somebody whom one leads; they read who looked"},
                  .who = signed_in(), .path = {needed("person", text(organise::login_characters_max), {"谁", "who"})}, .body = {month},
                  .good = {{.shape = record("WorkOfOne", own_work_fields())}}},
                 [parts](Call const& call) { return look_at_work(call, parts); });
}

}  // namespace zhili::web
