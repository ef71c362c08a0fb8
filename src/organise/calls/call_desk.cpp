#include "organise/calls/call_desk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "organise/people/text_check.hpp"
#include "store/ledger.hpp"

namespace zhili::organise {

using core::Errc;
using core::EventKind;
using core::fail;
using store::json_quoted;

namespace {

constexpr std::string_view call_columns =
    "SELECT id, taker, state, opened_at, ended_at, draft, item, signal_id, secret FROM phone_call ";

template <class... Args>
std::vector<Call> calls_where(store::Reader& reader, std::string_view where, Args const&... args) {
  std::vector<Call> out;
  using Integer = std::int64_t;
  using Text = std::string;
  for (auto& [id, taker, state, opened, ended, draft, item, signal, secret] :
       reader.rows<Integer, Text, Integer, Integer, std::optional<Integer>, std::optional<Integer>, std::optional<Text>, std::optional<Integer>, Integer>(
           std::string(call_columns) + std::string(where), args...))
    out.push_back({.id = id, .taker = std::move(taker), .state = static_cast<CallState>(state), .opened_at = core::from_ms(opened),
                   .ended_at = ended ? std::optional(core::from_ms(*ended)) : std::nullopt, .draft = draft.value_or(0),
                   .item = item.value_or(""), .signal_id = signal.value_or(0), .secret = secret != 0});
  return out;
}

/// One private field of a record; empty where its time is over.
core::Result<std::string> opened_field(store::Vault& vault, store::Seq subject, std::string const& field, CallTaker const& taker) {
  auto const opened = vault.read(subject, taker.ref, caller_purpose, taker.post);
  if (!opened && opened.error().code == Errc::not_found) return std::string();
  if (!opened) return fail(opened.error());
  for (auto const& record : *opened)
    if (auto const found = record.fields.find(field); found != record.fields.end()) return found->second;
  return std::string();
}

}  // namespace

std::optional<Call> CallDesk::find(store::Reader& reader, std::int64_t call) {
  auto found = calls_where(reader, "WHERE id = ?", call);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<Call> CallDesk::open_calls(store::Reader& reader, std::string_view taker) {
  return calls_where(reader, "WHERE taker = ? AND state = 1 ORDER BY id", taker);
}

bool CallDesk::is_secret(store::Reader& reader, std::int64_t signal) {
  return reader.value<std::int64_t>("SELECT 1 FROM phone_call WHERE signal_id = ? AND secret = 1 "
                                    "UNION SELECT 1 FROM hotline_order WHERE signal_id = ? AND secret = 1",
                                    signal, signal).has_value();
}

core::Result<Call> CallDesk::mine(store::Reader& reader, std::int64_t call, CallTaker const& taker) const {
  auto found = find(reader, call);
  if (!found) return fail(Errc::not_found, "call.unknown", {"没有这个来电。", "There is no such call."}, "call");
  ZHILI_CHECK(may_go_on(*found, taker.ref));
  return std::move(*found);
}

core::Result<CallDesk::Ringing> CallDesk::ring(std::string const& number, CallTaker const& taker) {
  ZHILI_CHECK(check_caller_number(number));
  Ringing out;
  if (number.empty()) return out;
  ZHILI_TRY(out.earlier, vault_.find("phone", number, taker.ref, caller_purpose, taker.post));
  ZHILI_TRY(out.number, vault_.seal({{"phone", number}}, time_.now() + caller_kept_for));
  return out;
}

Call CallDesk::take(store::Writer& w, Ringing const& ringing, CallTaker const& taker) {
  auto const payload = ringing.number ? fmt::format(R"({{"private":{}}})", ringing.number->reference()) : std::string("{}");
  auto const id = w.append({EventKind::call_opened, 0, taker.ref, payload});
  w.exec("INSERT INTO phone_call (id, taker, state, opened_at, secret) VALUES (?,?,?,?,0)", id, taker.ref, CallState::open, w.now());
  if (ringing.number) store::Vault::keep(w, id, *ringing.number);
  return {.id = id, .taker = taker.ref, .opened_at = w.now()};
}

core::Result<OpenedCall> CallDesk::open(std::string const& number, CallTaker const& taker) {
  ZHILI_TRY(auto ringing, ring(number, taker));
  ZHILI_TRY(auto call, db_.write([&](store::Writer& w) { return take(w, ringing, taker); }));
  return OpenedCall{std::move(call), std::move(ringing.earlier)};
}

core::Result<> CallDesk::keep_draft(std::int64_t call, std::string const& draft, CallTaker const& taker) {
  if (draft.size() > call_draft_bytes_max)
    return fail(Errc::limit, "call.draft",
                {fmt::format("写的内容太长，最多 {} 字节。请缩短。", call_draft_bytes_max), fmt::format("At most {} bytes are kept; shorten it.", call_draft_bytes_max)}, "draft");
  ZHILI_CHECK(db_.read([&](store::Reader& r) -> core::Result<> {  // before a key is made for nothing
    ZHILI_CHECK(mine(r, call, taker));
    return {};
  }));
  ZHILI_TRY(auto const sealed, vault_.seal({{"draft", draft}}, time_.now() + call_draft_kept_for));
  return db_.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_CHECK(mine(w, call, taker));
    auto const entry = w.append({EventKind::call_drafted, call, taker.ref, fmt::format(R"({{"private":{}}})", sealed.reference())});
    store::Vault::keep(w, entry, sealed);
    w.exec("UPDATE phone_call SET draft = ? WHERE id = ?", entry, call);
    return {};
  });
}

core::Result<ResumedCall> CallDesk::resume(std::int64_t call, CallTaker const& taker) {
  ResumedCall out;
  ZHILI_TRY(out.opened.call, db_.read([&](store::Reader& r) { return mine(r, call, taker); }));
  ZHILI_TRY(out.number, opened_field(vault_, call, "phone", taker));
  if (!out.number.empty()) {
    ZHILI_TRY(out.opened.earlier, vault_.find("phone", out.number, taker.ref, caller_purpose, taker.post));
  }
  if (out.opened.call.draft != 0) {
    ZHILI_TRY(out.draft, opened_field(vault_, out.opened.call.draft, "draft", taker));
  }
  return out;
}

core::Result<std::string> CallDesk::number(std::int64_t call, CallTaker const& taker) {
  ZHILI_TRY(auto const found, db_.read([&](store::Reader& r) { return mine(r, call, taker); }));
  return opened_field(vault_, found.id, "phone", taker);
}

core::Result<> CallDesk::end(store::Writer& w, Call const& call, CallState state, store::Entry entry) {
  entry.subject = call.id;
  w.append(std::move(entry));
  w.exec("UPDATE phone_call SET state = ?, ended_at = ?, draft = NULL WHERE id = ?", state, w.now(), call.id);
  return {};
}

core::Result<MadeReport> CallDesk::register_report(std::int64_t call, CallReport const& report, bool secret, CallTaker const& taker) {
  return reports_.make(report, "phone", [&](store::Writer& w, std::int64_t signal) -> core::Result<> {
    ZHILI_TRY(auto const found, mine(w, call, taker));
    w.exec("UPDATE phone_call SET signal_id = ?, item = ?, secret = ? WHERE id = ?", signal, report.item, secret, call);
    return end(w, found, CallState::registered,
               {EventKind::call_registered, 0, taker.ref, fmt::format(R"({{"signal":{},"secret":{}}})", signal, secret)});
  });
}

core::Result<> CallDesk::answer(std::int64_t call, std::string const& item, CallTaker const& taker) {
  return db_.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_TRY(auto const found, mine(w, call, taker));
    w.exec("UPDATE phone_call SET item = ? WHERE id = ?", item, call);
    return end(w, found, CallState::answered, {EventKind::call_answered, 0, taker.ref, fmt::format(R"({{"item":{}}})", json_quoted(item))});
  });
}

core::Result<> CallDesk::drop(std::int64_t call, std::string const& reason, CallTaker const& taker) {
  ZHILI_CHECK(check_text(reason, call_reason_chars_max, "call.reason", "reason"));
  return db_.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_TRY(auto const found, mine(w, call, taker));
    return end(w, found, CallState::dropped, {EventKind::call_dropped, 0, taker.ref, fmt::format(R"({{"reason":{}}})", json_quoted(reason))});
  });
}

}  // namespace zhili::organise
