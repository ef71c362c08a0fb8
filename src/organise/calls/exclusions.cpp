// The part of the call-back desk that keeps exclusions (剔除): asked by one department, decided by another.

#include <fmt/format.h>

#include <algorithm>

#include "organise/calls/call_back_desk.hpp"
#include "organise/calls/call_back_rows.hpp"
#include "organise/people/text_check.hpp"
#include "store/ledger.hpp"

namespace zhili::organise {

using core::Errc;
using core::EventKind;
using core::fail;
using store::json_quoted;

namespace {

template <class... Args>
std::vector<Exclusion> exclusions_where(store::Reader& reader, std::string_view where, Args const&... args) {
  using Integer = std::int64_t;
  using Text = std::string;
  using Maybe = std::optional<Text>;
  std::vector<Exclusion> out;
  for (auto& [id, call_back, department, rates, reason, evidence, by, at, state, decider, post, decided, decision] :
       reader.rows<Integer, Integer, Text, Text, Text, Text, Text, Integer, Integer, Maybe, Maybe, std::optional<Integer>, Maybe>(
           "SELECT id, call_back_id, department, rates, reason, evidence, asked_by, asked_at, state, decided_by, decided_post, decided_at, decision "
           "FROM call_back_exclusion " + std::string(where), args...))
    out.push_back({.id = id, .call_back_id = call_back, .department = std::move(department), .rates = codes_of(rates), .reason = std::move(reason),
                   .evidence = std::move(evidence), .asked_by = std::move(by), .asked_at = core::from_ms(at),
                   .state = static_cast<ExclusionState>(state), .decided_by = decider.value_or(""), .decided_post = post.value_or(""),
                   .decided_at = decided ? std::optional(core::from_ms(*decided)) : std::nullopt, .decision = decision.value_or("")});
  return out;
}

core::Result<> check_wish(Exclusion const& wanted, CallRules const& rules) {
  bool const known = std::ranges::all_of(wanted.rates, [&](auto const& code) { return rules.rate(code) != nullptr; });
  if (wanted.rates.empty() || !known)
    return fail(Errc::invalid, "exclusion.rates", {"请写明从哪些率里剔除。", "Say from which rates it is to be excluded."}, "rates");
  if (!rules.reason(wanted.reason))
    return fail(Errc::invalid, "exclusion.reason", {"请选一个剔除理由。", "Choose a reason for the exclusion."}, "reason");
  return check_text(wanted.evidence, exclusion_evidence_chars_max, "exclusion.evidence", "evidence");
}

}  // namespace

std::string_view name(ExclusionState state) {
  switch (state) {
    case ExclusionState::asked: return "asked";
    case ExclusionState::granted: return "granted";
    case ExclusionState::refused: return "refused";
  }
  return "";
}

core::Result<std::int64_t> CallBackDesk::ask_exclusion(store::Writer& w, Exclusion const& wanted) const {
  ZHILI_CHECK(check_wish(wanted, rules_));
  auto const it = find(w, wanted.call_back_id);
  if (!it) return fail(Errc::not_found, "call_back.unknown", {"没有这件回访。", "There is no such call-back."}, "call_back");
  if (w.value<std::int64_t>("SELECT id FROM call_back_exclusion WHERE call_back_id = ?", it->id))
    return fail(Errc::conflict, "exclusion.asked", {"这件回访已经申请过剔除。", "An exclusion was asked for this call-back before."}, "call_back");
  auto const rates = fmt::format("{}", fmt::join(wanted.rates, " "));
  auto const id = w.append({EventKind::exclusion_asked, 0, wanted.asked_by,
                            fmt::format(R"({{"call_back":{},"department":{},"rates":{},"reason":{},"evidence":{}}})", it->id, json_quoted(wanted.department),
                                        json_quoted(rates), json_quoted(wanted.reason), json_quoted(wanted.evidence))});
  w.exec("INSERT INTO call_back_exclusion (id, call_back_id, department, rates, reason, evidence, asked_by, asked_at, state) VALUES (?,?,?,?,?,?,?,?,?)",
         id, it->id, wanted.department, rates, wanted.reason, wanted.evidence, wanted.asked_by, w.now(), ExclusionState::asked);
  return id;
}

core::Result<std::int64_t> CallBackDesk::ask_exclusion(Exclusion const& wanted) {
  return db_.write([&](store::Writer& w) { return ask_exclusion(w, wanted); });
}

core::Result<Exclusion> CallBackDesk::decide_exclusion(std::int64_t id, bool granted, std::string const& decision, CallTaker const& who,
                                                       std::string const& department) {
  ZHILI_CHECK(check_text(decision, exclusion_reason_chars_max, "exclusion.decision", "decision"));
  return db_.write([&](store::Writer& w) -> core::Result<Exclusion> {
    auto const it = exclusion(w, id);
    if (!it) return fail(Errc::not_found, "exclusion.unknown", {"没有这件剔除申请。", "There is no such request."}, "exclusion");
    if (it->state != ExclusionState::asked)
      return fail(Errc::conflict, "exclusion.decided", {"这件剔除申请已经有了决定。", "This request has been decided."}, "exclusion");
    ZHILI_CHECK(may_decide_exclusion(it->department, it->asked_by, who.ref, department));
    auto const state = granted ? ExclusionState::granted : ExclusionState::refused;
    w.append({EventKind::exclusion_decided, id, who.ref, fmt::format(R"({{"granted":{},"post":{},"decision":{}}})", granted, json_quoted(who.post), json_quoted(decision))});
    w.exec("UPDATE call_back_exclusion SET state = ?, decided_by = ?, decided_post = ?, decided_at = ?, decision = ? WHERE id = ?", state, who.ref,
           who.post, w.now(), decision, id);
    return *exclusion(w, id);
  });
}

std::vector<Exclusion> CallBackDesk::exclusions(store::Reader& reader, std::optional<ExclusionState> state) {
  if (state) return exclusions_where(reader, "WHERE state = ? ORDER BY id", *state);
  return exclusions_where(reader, "ORDER BY id DESC");
}

std::optional<Exclusion> CallBackDesk::exclusion(store::Reader& reader, std::int64_t id) {
  auto found = exclusions_where(reader, "WHERE id = ?", id);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

}  // namespace zhili::organise
