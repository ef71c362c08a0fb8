#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "respond/signals/desk.hpp"
#include "web/api/routes.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"
#include "web/people/report_view.hpp"

namespace zhili::web {

namespace {

using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;
using respond::Actor;

constexpr std::array looked_outcomes{respond::Found::found, respond::Found::not_found, respond::Found::unable};

core::Result<respond::SignalCommand> signal_command_of(Call const& call, PeopleParts const& parts) {
  auto const& body = call.body;
  respond::SignalCommand out{.condition = body.text("condition"), .upheld = body.flag("upheld"), .reason = body.text("reason"),
                             .words = body.text("words"), .withheld = body.texts("withheld"),
                             .photos_until = body.integer("photos_until").value_or(0), .photos = photos_in(body)};
  ZHILI_TRY(out.verb, respond::verb_from(body.text("verb")));
  ZHILI_TRY(out.expected_version, expected_version(call));
  auto const found = body.text("found");
  for (auto const one : looked_outcomes)
    if (found == respond::name(one)) out.found = one;
  if (auto const into = body.text("into"); !into.empty()) {
    auto const id = respond::id_of_number(parts.api.installation->prefix, into);
    if (!id) return fail(Errc::invalid, "command.into", {"into 是案卷或上报的编号。", "into is the number of a case or a report."}, "into");
    out.into = *id;
  }
  return out;
}

/// The reports that are to follow when one is registered, each with whoever of the caller's posts acts there.
core::Result<std::vector<respond::SignalDesk::Follower>> along_of(store::Reader& reader, Call const& call, respond::Verb verb, PeopleParts const& parts) {
  std::vector<respond::SignalDesk::Follower> out;
  for (auto const& no : call.body.texts("along")) {
    if (verb != respond::Verb::register_case)
      return fail(Errc::invalid, "command.along", {"along 只用于立案。", "along is for registering only."}, "along");
    ZHILI_TRY(auto const line, signal_of(reader, no, parts));
    auto const may = actors(call.caller(), target_of(*parts.api.places->now(), line.area, line.state.item, ""));
    auto const found = std::ranges::find_if(may, [](Actor const& actor) { return actor.roles.has(respond::Role::acceptor); });
    if (found == may.end()) return not_yours();
    out.push_back({line.state.id, *found});
  }
  return out;
}

core::Result<Response> do_with_signal(Call const& call, PeopleParts const& parts) {
  ZHILI_TRY(auto const command, signal_command_of(call, parts));
  ZHILI_CHECK(need_proof_to(command.verb, call.caller(), parts));
  std::vector<respond::SignalDesk::Follower> along;
  ZHILI_TRY(auto const line, parts.api.db->read([&](store::Reader& r) -> core::Result<SignalLine> {
    if (command.verb == respond::Verb::join) ZHILI_CHECK(may_join_to(r, call.caller(), command.into, parts));
    ZHILI_TRY(along, along_of(r, call, command.verb, parts));
    return signal_of(r, call.path.text("no"), parts);
  }));
  auto const target = target_of(*parts.api.places->now(), line.area, line.state.item, "");
  auto const may = actors(call.caller(), target);
  return at_version(call, call.once.write(*parts.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const done, as_any(may, [&](Actor const& actor) {
      return along.empty() ? parts.api.desk->execute(w, line.state.id, command, actor) : parts.api.desk->register_together(w, line.state.id, command, actor, along);
    }));
    return Response::json(boost::json::serialize(object{{"state", respond::name(done.stage)}, {"version", done.version},
                                                        {"case_id", done.case_id == 0 ? value(nullptr) : value(done.case_id)}}));
  }));
}

core::Result<Response> see(Call const& call, PeopleParts const& parts) {
  return parts.api.db->read([&](store::Reader& r) -> core::Result<Response> {
    ZHILI_TRY(auto const line, signal_of(r, call.path.text("no"), parts));
    auto const target = target_of(*parts.api.places->now(), line.area, line.state.item, "");
    ZHILI_TRY(auto const readable, may_read(r, call.caller(), line, parts));
    if (!readable) return not_yours();
    ZHILI_TRY(auto out, report_json(r, line, parts));
    ZHILI_TRY(auto const all, next_of(actors(call.caller(), target), [&](Actor const& actor) { return parts.api.desk->next(r, line.state, actor); }));
    out["steps"] = steps_json(all);
    auto response = Response::json(boost::json::serialize(out));
    response.headers.add("ETag", version_tag(line.state.version, parts.api.time->now()));
    return response;
  });
}

Shape own_report_shape() {
  auto fields = report_fields();
  fields.push_back({"steps", shape::list(step_shape())});
  return shape::record("SignalAtWork", std::move(fields));
}

std::vector<Field> signal_command_fields() {
  using namespace shape;
  std::vector<std::string> outcomes;
  for (auto const one : looked_outcomes) outcomes.emplace_back(respond::name(one));
  return {verb_field(respond::Subject::signal),
          version_or_tag_field(),
          optional("condition", text(respond::max_ref_chars), {"事项的情形", "Condition of the item"}),
          optional("found", choice(std::move(outcomes)), {"现场看到没有", "What was found on site"}),
          optional("into", text(case_number_characters_max), {"并入哪个案卷；tell_apart：与哪件上报或案卷不是同一件事", "Number of the case to join; of tell_apart: of the report or case that is not the same thing"}),
          optional("along", list(text(case_number_characters_max), respond::candidates_max),
                   {"立案时一并并入的上报的编号；它们也在等受理", "Numbers of reports that wait too and are joined to the case when this one is registered"}),
          optional("upheld", flag(), {"成立", "It is upheld"}),
          optional("reason", text(respond::max_reason_chars), {"理由", "The reason"}),
          optional("words", text(respond::max_words_chars), {"可公开的文字", "The words that may be shown"}),
          optional("withheld", list(text(respond::max_ref_chars), respond::max_withheld),
                   {"不公开的：words、place 或照片名", "What is kept back: words, place, or the name of a photo"}),
          optional("photos_until", integer(), {"release：上报页给的 photos_until，表示看过到此为止的照片；不写则案卷的照片继续等待", "release: photos_until as the page of the report gave it, which says which photos were looked at; left out, those of the case go on waiting"}),
          photos_field()};
}

}  // namespace

void mount_signal_work(Operations& operations, PeopleParts const& parts) {
  operations.add({.id = "getSignalAtWork", .method = Method::get, .pattern = "/api/v1/work/signals/{no}", .summary = {"一个上报，和我能对它做什么", "A report, and what I may do with it"},
                  .who = signed_in_within(Who::Within::its_signal), .path = {signal_number_field()}, .good = {{.shape = own_report_shape(), .tagged = true}}},
                 [parts](Call const& call) { return see(call, parts); });
  auto const done = shape::record("SignalDone", {{"state", stage_shape()}, {"version", shape::integer()}, {"case_id", shape::nullable(shape::integer())}});
  operations.add({.id = "commandSignal", .method = Method::post, .pattern = "/api/v1/signals/{no}/commands", .summary = {"对上报做一步", "Take a step with a report"},
                  .who = signed_in_within(Who::Within::its_signal), .path = {signal_number_field()}, .body = signal_command_fields(), .headers = {if_match_field()}, .once = true,
                  .good = {{.shape = done}}},
                 [parts](Call const& call) { return do_with_signal(call, parts); });
}

}  // namespace zhili::web
