// What reporters told in confidence: opened by staff with a purpose, and each opening told to the reporter.

#include <boost/json.hpp>

#include "organise/calls/call_desk.hpp"
#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "respond/signals/desk.hpp"
#include "store/ledger.hpp"
#include "web/api/routes.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

/// The report's place and item, whose case it is, and whether secrecy was asked for.
core::Result<organise::WantedReading> what_is_wanted(store::Reader& reader, respond::Id id, PeopleParts const& parts) {
  auto const row = reader.row<std::string, std::optional<std::int64_t>, std::optional<std::int64_t>>(
      "SELECT item, area_id, case_id FROM signal WHERE id = ?", id);
  if (!row) return fail(Errc::not_found, "signal.unknown", {"没有这个编号的上报。请核对编号。", "There is no report with that number. Check the number."}, "no");
  auto const& [item, area, case_id] = *row;
  ZHILI_TRY(auto departments, departments_of(reader, case_id.value_or(0)));
  return organise::WantedReading{.target = target_of(*parts.api.places->now(), area, item, ""), .departments = std::move(departments),
                                 .secret = organise::CallDesk::is_secret(reader, id)};
}

core::Result<object> open_words(Call const& call, PeopleParts const& parts) {
  auto const purpose = call.body.text("purpose");
  auto const note = call.body.text("note");
  auto const id = respond::id_of_number(parts.api.installation->prefix, call.path.text("no")).value_or(0);
  ZHILI_TRY(auto wanted, parts.api.db->read([&](store::Reader& r) { return what_is_wanted(r, id, parts); }));
  wanted.purpose = purpose;
  wanted.note = note;
  ZHILI_TRY(auto const* grant, organise::may_open(call.caller().grants, wanted, *parts.private_words));
  auto const opened = parts.vault->read(id, call.caller().ref(), organise::purpose_text(purpose, note), grant->post);
  if (!opened && opened.error().code == Errc::not_found && opened.error().key != "vault.destroyed")
    return fail(Errc::not_found, "private.none", {"反映人没有留下联系方式或保密的话。", "The reporter left neither contact nor sealed words."}, "no");
  if (!opened) return fail(opened.error());
  object fields;
  for (auto const& record : *opened)
    for (auto const& [name, text] : record.fields) fields[name] = text;
  return object{{"fields", std::move(fields)}};
}

core::Result<object> purposes(PeopleParts const& parts) {
  array out;
  for (auto const& one : parts.private_words->purposes)
    out.push_back(object{{"code", one.code}, {"name", to_json(one.name)}, {"note_needed", one.note_needed}});
  return object{{"purposes", std::move(out)}};
}

value post_json(std::string const& code, PeopleParts const& parts) {
  auto const* post = parts.api.installation->post(code);
  if (!post) return nullptr;
  auto const* department = parts.api.installation->department(post->department);
  return object{{"name", to_json(post->name)}, {"department", department ? value(to_json(department->name)) : value(nullptr)}};
}

/// Who opened or found what the holder of a receipt told: post and purpose, never who it was.
core::Result<object> readings(Call const& call, PeopleParts const& parts) {
  array out;
  ZHILI_CHECK(parts.api.db->read([&](store::Reader& reader) -> core::Result<> {
    auto const id = respond::SignalDesk::by_token(reader, call.path.text("token"));
    if (!id)
      return fail(Errc::not_found, "token.unknown", {"没有这张回执。请核对链接是否完整。", "There is no such receipt. Check that the link is whole."}, "token");
    for (auto const& entry : store::entries_of(reader, *id)) {
      if (entry.kind != core::EventKind::private_read) continue;
      boost::system::error_code error;
      auto const parsed = boost::json::parse(entry.payload, error);
      auto const* payload = error ? nullptr : parsed.if_object();
      auto const text = [&](char const* key) {
        auto const* found = payload ? payload->if_contains(key) : nullptr;
        return found && found->is_string() ? std::string(found->as_string()) : std::string();
      };
      out.push_back(object{{"at", time_json(entry.at, parts.api.zone)},
                           {"post", post_json(text("post"), parts)},
                           {"purpose", to_json(organise::purpose_words(text("purpose"), *parts.private_words))},
                           {"opened", text("lookup").empty()}});
    }
    return {};
  }));
  return object{{"readings", std::move(out)}};
}

/// The reports behind a case, for whoever works on it: how to find their reporters.
core::Result<object> reports_of_case(Call const& call, PeopleParts const& parts) {
  return parts.api.db->read([&](store::Reader& reader) -> core::Result<object> {
    ZHILI_TRY(auto const line, case_known_to(reader, call.caller(), call.path.text("no"), parts));
    auto const target = target_of(*parts.api.places->now(), line.area_id, line.item, line.department);
    if (organise::standings(call.caller().grants, target).empty()) return not_yours();
    array reports;
    reader.each<std::int64_t, std::int64_t, std::string>(
        "SELECT id, received_at, channel FROM signal WHERE incident_id = ? ORDER BY id",
        [&](std::int64_t signal, std::int64_t received, std::string channel) {
          auto const at = core::from_ms(received);
          bool const sealed = reader.value<std::int64_t>("SELECT 1 FROM private_record WHERE subject = ? AND destroyed_at IS NULL", signal).has_value();
          reports.push_back(object{{"no", respond::public_number(parts.api.installation->prefix, signal, at, parts.api.zone)},
                                   {"received_at", time_json(at, parts.api.zone)}, {"channel", channel}, {"sealed", sealed}});
        },
        line.incident_id);
    return object{{"reports", std::move(reports)}};
  });
}

core::Result<Response> answered(core::Result<object> const& done) {
  if (!done) return fail(done.error());
  return Response::json(boost::json::serialize(*done));
}

}  // namespace

std::vector<Field> private_reading_fields() {
  return {needed("purpose", shape::text(respond::max_ref_chars), {"用途", "The purpose"}),
          optional("note", shape::text(2 * organise::purpose_note_chars_max), {"写明是什么用途", "Which purpose it is"})};
}

Shape private_words_shape() { return shape::record("PrivateWords", {{"fields", shape::map(shape::text())}}); }

void mount_private_words(Operations& operations, PeopleParts const& parts) {
  using namespace shape;
  auto const purpose = record("ReadingPurpose", {{"code", text()}, {"name", both_languages()}, {"note_needed", flag()}});
  operations.add({.id = "listReadingPurposes", .method = Method::get, .pattern = "/api/v1/private-purposes",
                  .summary = {"可以为什么查看保密内容", "For what sealed words may be opened"}, .who = signed_in(), .good = {{.shape = record("", {{"purposes", list(purpose)}})}}},
                 [parts](Call const&) { return answered(purposes(parts)); });
  operations.add({.id = "openPrivateWords", .method = Method::post, .pattern = "/api/v1/work/signals/{no}/private",
                  .summary = {"说明用途，查看联系方式和保密的话", "Open contact and sealed words, saying what for"}, .who = proved(signed_in()), .path = {signal_number_field()},
                  .body = private_reading_fields(), .good = {{.shape = private_words_shape()}}},
                 [parts](Call const& call) { return answered(open_words(call, parts)); });
  auto const report = record("ReportOfCase", {{"no", text()}, {"received_at", time()}, {"channel", text()}, {"sealed", flag()}});
  operations.add({.id = "listReportsOfCase", .method = Method::get, .pattern = "/api/v1/work/cases/{no}/reports",
                  .summary = {"案卷由哪些上报而来", "The reports behind a case"}, .who = signed_in(), .path = {case_number_field()},
                  .good = {{.shape = record("", {{"reports", list(report)}})}}},
                 [parts](Call const& call) { return answered(reports_of_case(call, parts)); });
  auto const post = record("ReadingPost", {{"name", both_languages()}, {"department", nullable(both_languages())}});
  auto const reading = record("Reading", {{"at", time()}, {"post", nullable(post)}, {"purpose", both_languages()}, {"opened", flag(), {"打开看过；否则是按号码查到", "It was opened; else found by number"}}});
  operations.add({.id = "listReadings", .method = Method::get, .pattern = "/api/v1/signals/{token}/readings",
                  .summary = {"谁看过我的信息", "Who read my data"}, .who = everybody(),
                  .path = {needed("token", text(respond::max_token_chars), {"回执上的凭证", "The token of the receipt"})},
                  .good = {{.shape = record("", {{"readings", list(reading)}})}}},
                 [parts](Call const& call) { return answered(readings(call, parts)); });
}

}  // namespace zhili::web
