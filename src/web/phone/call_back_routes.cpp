// Call-backs: who is to be asked, what they said, and that whoever does the work got in touch.

#include <algorithm>
#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "web/api/routes.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"
#include "web/phone/phone.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;
using organise::CallBack;
using organise::CallTaker;

/// Whoever calls back must reach the place and item, and must not belong to the department that did the work.
organise::Grant const* caller_back_grant(Caller const& caller, CallBack const& it) {
  if (belongs_to(caller, it.department)) return nullptr;
  auto const found = std::ranges::find_if(caller.grants, [&](organise::Grant const& g) {
    return g.role == caller_back_role && covers(g, {.area = it.area, .item = it.item});
  });
  return found == caller.grants.end() ? nullptr : &*found;
}

value waiting_json(store::Reader& reader, CallBack const& it, PhoneParts const& parts) {
  auto const& api = parts.people.api;
  auto const received = reader.value<std::int64_t>("SELECT received_at FROM signal WHERE id = ?", it.signal_id).value_or(0);
  auto const line = respond::find_case(reader, it.case_id);
  if (!line) return nullptr;
  auto const* area = line->area_id ? api.places->now()->area(*line->area_id) : nullptr;
  return object{{"id", it.id},
                {"case_no", case_number(*line, api)},
                {"signal_no", respond::public_number(api.installation->prefix, it.signal_id, core::from_ms(received), api.zone)},
                {"item", item_json(it.item, parts)},
                {"area", area ? value(to_json(area->name)) : value(nullptr)},
                {"department", department_json(it.department, parts)},
                {"channel", it.channel},
                {"received_at", time_json(core::from_ms(received), api.zone)},
                {"closed_at", time_json(it.closed_at, api.zone)},
                {"due_at", time_json(it.due_at, api.zone)},
                {"attempts", it.attempts},
                {"contacted_at", time_json(it.contacted_at, api.zone)}};
}

/// Those whom the caller may call back: how many, and so many of them.
struct WaitingCallBacks {
  std::size_t count = 0;
  array lines;
};

WaitingCallBacks waiting_for(store::Reader& reader, Caller const& caller, PhoneParts const& parts, std::size_t lines) {
  WaitingCallBacks out;
  for (auto const& it : organise::CallBackDesk::waiting(reader, parts.people.api.time->now())) {
    if (!caller_back_grant(caller, it) || ++out.count > lines) continue;
    if (auto json = waiting_json(reader, it, parts); !json.is_null()) out.lines.push_back(std::move(json));
  }
  return out;
}

core::Result<object> waiting(Call const& call, PhoneParts const& parts) {
  ZHILI_CHECK(parts.call_backs->follow());
  ZHILI_TRY(auto out, parts.people.api.db->read([&](store::Reader& reader) { return waiting_for(reader, call.caller(), parts, waiting_lines(call.query)); }));
  return object{{"call_backs", std::move(out.lines)}, {"count", out.count}, {"attempts_max", parts.rules->attempts_max}};
}

organise::CallBackResult result_in(Input const& body) {
  return {.reached = body.flag("reached"), .no_number = body.flag("no_number"),
          .contacted = organise::answer_from(body.text("contacted")).value_or(organise::Answer::unasked),
          .solved = organise::answer_from(body.text("solved")).value_or(organise::Answer::unasked),
          .satisfied = static_cast<int>(body.integer("satisfied").value_or(0)), .words = body.text("words"), .reopen = body.flag("reopen")};
}

/// Opens the case again as its reporter may, who asked for it over the telephone.
core::Result<> reopen(store::Writer& writer, CallBack const& it, CallTaker const& who, PhoneParts const& parts) {
  respond::Command const command{.verb = respond::Verb::reopen, .reason = "回访：反映人说没有解决，要求重办。 / Called back: the reporter says that it is not solved."};
  ZHILI_CHECK(parts.people.cases->execute(writer, it.case_id, command, {.ref = who.ref, .roles = respond::Role::citizen, .reporter = true}));
  return {};
}

core::Result<object> record(Call const& call, PhoneParts const& parts) {
  ZHILI_TRY(auto const it, parts.people.api.db->read([&](store::Reader& r) { return organise::CallBackDesk::find(r, id_in(call)); }));
  if (!it) return fail(Errc::not_found, "call_back.unknown", {"没有这件回访。", "There is no such call-back."}, "id");
  auto const* grant = caller_back_grant(call.caller(), *it);
  if (!grant) return not_yours();
  CallTaker const who{call.caller().ref(), grant->post};
  ZHILI_TRY(auto const after, parts.call_backs->record(it->id, result_in(call.body), who,
                                                       [&](store::Writer& w, CallBack const& one) { return reopen(w, one, who, parts); }));
  return object{{"state", organise::name(after.state)}, {"attempts", after.attempts}, {"next_at", time_json(after.next_at, parts.people.api.zone)}};
}

/// Whether somebody works on a case for the department that has it.
bool works_on(Caller const& caller, respond::CaseLine const& line, PhoneParts const& parts) {
  auto const target = target_of(*parts.people.api.places->now(), line.area_id, line.item, line.department);
  return std::ranges::any_of(caller.grants, [&](organise::Grant const& g) {
    return (g.role == "handler" || g.role == "handler_lead") && g.department == line.department && covers(g, target);
  });
}

core::Result<object> contacts(Call const& call, PhoneParts const& parts) {
  auto const& api = parts.people.api;
  return api.db->read([&](store::Reader& r) -> core::Result<object> {
    ZHILI_TRY(auto const line, case_known_to(r, call.caller(), call.path.text("no"), parts.people));
    ZHILI_TRY(auto const theirs, is_on_duty(r, call.caller(), line, *api.places->now()));
    if (!theirs) return not_yours();
    auto const known = parts.call_backs->contacts(r, line.id);
    array all;
    for (auto const& one : known.all) all.push_back(object{{"at", time_json(one.at, api.zone)}, {"reached", one.reached}});
    return object{{"contacts", std::move(all)}, {"due_at", time_json(known.due_at, api.zone)}, {"reached_at", time_json(known.reached_at, api.zone)},
                  {"may", works_on(call.caller(), line, parts) && !line.closed_at}};
  });
}

/// Whoever does the work says that they reached the reporter, or tried.
core::Result<Response> contacted(Call const& call, PhoneParts const& parts) {
  auto const& api = parts.people.api;
  ZHILI_TRY(auto const line, api.db->read([&](store::Reader& r) { return case_known_to(r, call.caller(), call.path.text("no"), parts.people); }));
  if (!works_on(call.caller(), line, parts)) return not_yours();
  if (line.closed_at)
    return fail(Errc::conflict, "contact.closed", {"案卷已经结案，由回访员联系反映人。", "The case is closed: its reporters are called back by those who call back."}, "no");
  return call.once.write(*api.db, [&](store::Writer& w) -> core::Result<Response> {
    auto const id = organise::CallBackDesk::contacted(w, line.id, call.body.flag("reached"), call.caller().ref());
    return Response::json(boost::json::serialize(object{{"id", id}}), 201);
  });
}

Shape contacts_shape() {
  using namespace shape;
  return shape::record("Contacts", {{"contacts", list(shape::record("", {{"at", time()}, {"reached", flag()}})), {"旧的在前", "The oldest first"}},
                                    {"due_at", nullable(time()), {"在此之前要联系上反映人", "Until when its reporters are to be reached"}},
                                    {"reached_at", nullable(time()), {"第一次联系上", "When they were first reached"}},
                                    {"may", flag(), {"我可以记一次", "I may note one"}}});
}

Shape waiting_shape() {
  using namespace shape;
  return shape::record("CallBackWaiting",
                {{"id", integer()}, {"case_no", text()}, {"signal_no", text()}, {"item", named_shape()}, {"area", nullable(both_languages())},
                 {"department", nullable(named_shape())}, {"channel", text()}, {"received_at", time()}, {"closed_at", time()}, {"due_at", time()},
                 {"attempts", integer()}, {"contacted_at", nullable(time())}});
}

std::vector<Field> result_fields() {
  using namespace shape;
  return {optional("reached", flag(), {"接通了", "Somebody answered"}),
          optional("no_number", flag(), {"没有号码或打错", "No number, or a wrong one"}),
          optional("contacted", choice({"", "yes", "no", "unasked"}), {"部门联系过吗", "Did the department get in touch?"}),
          optional("solved", choice({"", "yes", "partly", "no", "unasked"}), {"解决了吗", "Is it solved?"}),
          optional("satisfied", integer(0, organise::satisfaction_levels), {"1 非常不满意 … 5 非常满意", "1 very dissatisfied … 5 very satisfied"}),
          optional("words", text(2 * organise::call_back_words_chars_max), {"反映人的话，密封保存", "In the reporter's words; kept sealed"}),
          optional("reopen", flag(), {"要求重办", "To be opened again"})};
}

}  // namespace

MoreWaiting call_backs_waiting(PhoneParts const& parts) {
  return {optional("call_backs", shape::list(waiting_shape())), [parts](store::Reader& reader, Caller const& caller, std::size_t lines) {
            array out;
            if (!caller.has_role(caller_back_role)) return out;
            auto found = waiting_for(reader, caller, parts, lines);
            out.push_back(object{{"kind", "call_backs"}, {"title", to_json(core::Text{"待回访", "To be called back"})}, {"count", found.count}, {"call_backs", std::move(found.lines)}});
            return out;
          }};
}

void mount_call_backs(Operations& operations, PhoneParts const& parts) {
  using namespace shape;
  operations.add({.id = "listCallBacks", .method = Method::get, .pattern = "/api/v1/phone/call-backs", .summary = {"待回访的", "Who is to be called back"},
                  .who = with_role(caller_back_role),
                  .query = {waiting_lines_field()},
                  .good = {{.shape = shape::record("", {{"call_backs", list(waiting_shape())}, {"count", integer()}, {"attempts_max", integer()}})}}},
                 [parts](Call const& call) { return answered(waiting(call, parts)); });
  operations.add({.id = "keepCallBack", .method = Method::post, .pattern = "/api/v1/phone/call-backs/{id}/result", .summary = {"记下回访结果", "Keep what came of a call-back"},
                  .who = with_role(caller_back_role), .path = {id_field({"回访", "The call-back"})}, .body = result_fields(),
                  .good = {{.shape = shape::record("CallBackKept", {{"state", text()}, {"attempts", integer()}, {"next_at", time()}})}}},
                 [parts](Call const& call) { return answered(record(call, parts)); });
  operations.add({.id = "listContacts", .method = Method::get, .pattern = "/api/v1/cases/{no}/contacts", .summary = {"怎样联系过反映人", "How the reporters were contacted"},
                  .who = signed_in_within(Who::Within::its_case), .path = {case_number_field()}, .good = {{.shape = contacts_shape()}}},
                 [parts](Call const& call) { return answered(contacts(call, parts)); });
  operations.add({.id = "keepContact", .method = Method::post, .pattern = "/api/v1/cases/{no}/contacts", .summary = {"记下联系过反映人", "Note that the reporters were contacted"},
                  .who = signed_in_within(Who::Within::its_case), .path = {case_number_field()},
                  .body = {optional("reached", flag(), {"联系上了", "They were reached"})}, .once = true, .good = {{.status = 201, .shape = shape::record("Id", {{"id", integer()}})}}},
                 [parts](Call const& call) { return contacted(call, parts); });
}

}  // namespace zhili::web
