// Who telephones in the demo city: callers and call takers, and those who call back after a case was closed.

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "app/demo/life.hpp"

namespace zhili::app::demo {

namespace {

using organise::Answer;
using organise::CallTaker;

constexpr double answered_at_once_share = 0.15;
constexpr double secret_share = 0.05;
constexpr double call_answered_share = 0.75;
constexpr double solved_share = 0.85;
constexpr double denied_share = 0.06;
constexpr double exclusion_share = 0.3;  // of those who say that it is not solved
constexpr double exclusion_granted_share = 0.5;
constexpr double call_back_every_minutes = 40;

CallTaker const call_desk{"staff:call-taker", "call-desk"};
CallTaker const call_back_desk{"staff:caller-back", "call-back-desk"};

}  // namespace

void Life::call(MatterPtr matter) {
  auto const hits = service_.catalogue().search(matter->trouble->search, {.limit = 1, .open_only = true, .typing = false});
  if (hits.empty()) return;
  auto const& resident = any(residents());
  auto const opened = service_.phone().calls().open(std::string(resident.phone), call_desk);
  if (!opened) return spdlog::debug("demo: call: {}", opened.error().text.en);
  organise::CallReport const report{.item = hits.front().item->code, .place = matter->place, .address = matter->place_words,
                                    .words = fmt::format(fmt::runtime(matter->trouble->words), matter->place_words),
                                    .name = std::string(resident.name), .phone = std::string(resident.phone)};
  bool const secret = chance(secret_share);
  bool const at_once = chance(answered_at_once_share);
  plan(about(4), [this, matter, report, secret, at_once, call = opened->call.id] {
    auto& desk = service_.phone().calls();
    if (at_once) {
      if (auto const done = desk.answer(call, report.item, call_desk); !done) spdlog::debug("demo: answer: {}", done.error().text.en);
      return;
    }
    auto const made = desk.register_report(call, report, secret, call_desk);
    if (!made) return spdlog::debug("demo: register call: {}", made.error().text.en);
    plan(about(8), [this, id = made->signal_id, matter] { accept(id, matter); });
  });
}

void Life::plan_call_backs() {
  plan(about(call_back_every_minutes), [this] {
    call_back_all();
    plan_call_backs();
  });
}

void Life::call_back_all() {
  auto& desk = service_.phone().call_backs();
  if (auto const followed = desk.follow(); !followed) return spdlog::debug("demo: call-backs: {}", followed.error().text.en);
  auto const waiting = service_.db().read([&](store::Reader& r) { return organise::CallBackDesk::waiting(r, time_.now()); });
  if (!waiting) return;
  for (auto const& it : *waiting) {
    if (!chance(0.5)) continue;  // there is other work, too
    organise::CallBackResult result{.reached = chance(call_answered_share)};
    if (result.reached) {
      result.contacted = chance(denied_share) ? Answer::no : it.contacted_at ? Answer::yes : Answer::unasked;
      result.solved = chance(solved_share) ? Answer::yes : chance(0.5) ? Answer::partly : Answer::no;
      result.satisfied = result.solved == Answer::yes ? (chance(0.6) ? 5 : 4) : 1 + static_cast<int>(random_() % 3);
    }
    auto const kept = desk.record(it.id, result, call_back_desk, {});
    if (!kept) spdlog::debug("demo: call-back {}: {}", it.id, kept.error().text.en);
    else if (kept->solved == Answer::no && chance(exclusion_share)) ask_exclusion(*kept);
  }
}

void Life::ask_exclusion(organise::CallBack const& it) {
  auto const asked = service_.phone().call_backs().ask_exclusion({.call_back_id = it.id, .department = it.department,
                                                                 .rates = {"solution-rate", "satisfaction-rate"}, .reason = "impossible",
                                                                 .evidence = "现场照片和答复记录已随案卷。", .asked_by = "staff:handler-lead"});
  if (!asked) return spdlog::debug("demo: exclusion: {}", asked.error().text.en);
  plan(about(600), [this, id = *asked] {
    bool const granted = chance(exclusion_granted_share);
    auto const decided = service_.phone().call_backs().decide_exclusion(id, granted, granted ? "情况属实，现有条件办不到。" : "可以分步解决，不剔除。",
                                                                       {"staff:evaluator", "evaluation-desk"}, "city-supervision");
    if (!decided) spdlog::debug("demo: exclusion: {}", decided.error().text.en);
  });
}

}  // namespace zhili::app::demo
