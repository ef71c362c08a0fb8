// What is expected, and what is.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "respond/cases/case_index.hpp"
#include "respond/cases/query.hpp"
#include "respond/rules/keeper.hpp"
#include "scenario/player.hpp"
#include "store/ledger.hpp"

namespace zhili::scenario {

namespace {

constexpr double close_enough = 0.005;  ///< of a minute, an hour or a day, where a number is compared

bool late(respond::Clocks const& clocks, core::Instant now, core::Calendar const& calendar) {
  return std::ranges::any_of(clocks, [&](core::Clock const& clock) { return clock.overdue(now, calendar); });
}

std::string shown(std::optional<core::Instant> at, core::Zone const& zone) {
  return at ? core::to_iso(*at, zone).substr(0, 16) : "never";
}

std::string shown(core::Clock const& clock, core::Instant now, core::Calendar const& calendar) {
  auto const unit = clock.budget.unit;
  auto const due = clock.due(calendar);
  return fmt::format("{} {}, {} of {} used, due {}", clock.name, core::name(clock.state),
                     core::words(unit, clock.used(now, calendar)).en,
                     core::words(unit, clock.budget.amount).en,
                     shown(due ? *due : std::nullopt, calendar.zone()));
}

std::string shown(respond::CaseState const& s) {
  return fmt::format(
      "{}, version {}, duty {}, handler {}, returns {}, reworks {}, reopens {}, extensions {}, suspensions "
      "{}, rated {}",
      respond::name(s.stage), s.version, s.department.empty() ? "none" : s.department,
      s.handler.empty() ? "none" : s.handler, s.returns, s.reworks, s.reopens, s.extensions, s.suspensions,
      s.rating);
}

/// The part of a receipt that tells what happened.
std::string story_part(std::string const& receipt) {
  auto const at = receipt.find("\"story\":[");
  return at == std::string::npos ? std::string() : receipt.substr(at);
}

}  // namespace

void Player::expect(Sentence const& sentence) {
  Reading words(sentence);
  if (words.begins("refused:") || words.begins("refused")) return expect_refused(words);
  if (refused_ && !refusal_is_expected_)
    wrong("the step was refused: " + refused_->text.en + " (" + refused_->key + ")");
  if (words.begins("clock")) return expect_clock(words);
  if (words.begins("no alarm")) return expect_no_alarm(words);
  auto const at = words.first() == "at" ? words.when_after("at") : std::nullopt;
  if (at && when(*at) > time_.now()) pass_time(when(*at) + respond::rules::deadlines_behind);
  if (words.begins("alarm")) return expect_alarm(at, words);
  if (at) wrong("not an expectation: " + words.rest());
  if (words.has("the files do not hold")) {
    auto const bytes = words.quoted();
    words.finish();
    if (bytes.empty() || town_.files_hold(bytes)) wrong("the files hold \"" + bytes + "\"");
    return;
  }
  auto const name = words.take_first();
  if (cases_.contains(name)) return expect_case(name, words);
  if (signals_.contains(name)) return expect_signal(name, words);
  if (told_.contains(name)) return expect_told(name, words);
  wrong("not an expectation: " + name + " " + words.rest());
}

void Player::expect_refused(Reading const& words) {
  auto const expected = words.rest();
  if (!refused_) wrong("expected a refusal (" + expected + "), but it was done");
  refusal_is_expected_ = true;
  auto const& is = *refused_;
  if (expected.empty() || (is.key != expected && is.text.en.find(expected) == std::string::npos &&
                           is.text.zh.find(expected) == std::string::npos))
    wrong(fmt::format("expected the refusal \"{}\"; it is \"{}\" ({})", expected, is.text.en, is.key));
}

std::string Player::receipts_of(std::string const& who) {
  std::string out;
  for (auto const& [name, token] : told_[who]) out += town_.receipt(token);
  return out;
}

/// `is told "…"`: a sentence of the story; `reads "…"`: anywhere on the page behind their link.
void Player::expect_told(std::string const& who, Reading words) {
  auto const text = words.quoted();
  bool const no = words.has("is not told") || words.has("does not read");
  bool const story = no ? false : words.has("is told");
  if (!no && !story && !words.has("reads")) wrong("not an expectation: " + who + " " + words.rest());
  words.finish();
  std::string page;
  for (auto const& [name, token] : told_[who])
    page += story ? story_part(town_.receipt(token)) : town_.receipt(token);
  if (text.empty() || (page.find(text) != std::string::npos) == no)
    wrong(fmt::format("expected that {} {} \"{}\"; the page is {}", who, no ? "does not read" : "is told",
                      text, page));
}

void Player::expect_signal(std::string const& name, Reading words) {
  auto const is = signal(name);
  while (!words.empty()) {
    if (words.has("in no case")) {
      if (is.case_id != 0) wrong(name + " is in a case");
    } else if (auto const wanted = words.after("in"); !wanted.empty()) {
      if (!cases_.contains(wanted) || cases_.at(wanted) != is.case_id) wrong(name + " is not in " + wanted);
    } else if (words.has("late")) {
      if (!late(is.clocks, time_.now(), town_.cases().calendar())) wrong(name + " is not late");
    } else if (words.has("released")) {
      if (!is.released) wrong(name + " is not released");
    } else if (bool const no = words.has("may not be the same as"); no || words.has("may be the same as")) {
      expect_candidate(name, words.take_first(), !no);
    } else if (words.has("the same as")) {
      auto const other = words.take_first();
      if (!signals_.contains(other) || signals_.at(other) != is.id)
        wrong(name + " is not the same signal as " + other);
    } else if (auto const grid = words.after("grid"); !grid.empty()) {
      auto const row = need(town_.db().read([&](store::Reader& reader) {
        return reader.value<std::optional<std::string>>("SELECT grid FROM signal WHERE id = ?", is.id);
      }));
      auto const lies_in = row && *row ? **row : std::string("none");
      if (lies_in != grid) wrong(fmt::format("expected {} in grid {}; it is in {}", name, grid, lies_in));
    } else {
      auto const word = words.take_first();
      if (need(respond::stage_from(word)) != is.stage)
        wrong(fmt::format("expected {} {}; it is {}", name, word, respond::name(is.stage)));
    }
  }
}

/// Whether staff are offered the other one as the same thing.
void Player::expect_candidate(std::string const& name, std::string const& other, bool offered) {
  auto const all = need(town_.db().read([&](store::Reader& reader) { return town_.signals().candidates(reader, signal(name)); }));
  bool const is = signals_.contains(other) && std::ranges::any_of(all, [&](auto const& one) { return one.signal == signals_.at(other); });
  if (is != offered) wrong(fmt::format("{} {} offered as the same thing as {}", other, is ? "is" : "is not", name));
}

void Player::expect_case(std::string const& name, Reading words) {
  auto const is = state(name);
  while (!words.empty()) {
    auto const asked = words.rest();
    if (number_of_case(is, words)) continue;
    if (!one_of_case(is, words)) wrong(fmt::format("expected {} {}; it is {}", name, asked, shown(is)));
  }
}

bool Player::number_of_case(respond::CaseState const& is, Reading& words) {
  std::pair<char const*, std::int64_t> const numbers[] = {
      {"returns", is.returns},       {"reworks", is.reworks}, {"reopens", is.reopens},
      {"extensions", is.extensions}, {"rated", is.rating},    {"suspensions", is.suspensions},
      {"version", is.version}};
  for (auto const& [what, number] : numbers) {
    auto const expected = words.number_after(what, -1);
    if (expected < 0) continue;
    if (expected != number) wrong(fmt::format("expected {} {}; it is {}", what, expected, number));
    return true;
  }
  auto const timers = words.number_after("timers", -1);
  if (timers < 0) return false;
  auto const waiting = need(town_.db().read([&](store::Reader& reader) {
    return reader.value<std::int64_t>("SELECT count(*) FROM timer WHERE subject = ?", is.id).value_or(0);
  }));
  if (waiting != timers) wrong(fmt::format("expected {} timers; there are {}", timers, waiting));
  return true;
}

/// How lists and figures count it: on_time, late, no_promise, open, open_late.
std::string Player::outcome_of(respond::Id id) {
  return need(town_.db().read([&](store::Reader& reader) {
    auto const line = respond::find_case(reader, id);
    respond::CaseFilter filter;
    filter.from = line->opened_at;
    filter.to = line->opened_at + std::chrono::milliseconds(1);
    filter.items = {line->item};
    respond::CaseIndex index;
    index.follow(reader);
    auto const counts = index.count(filter, respond::CountBy::outcome, time_.now());
    return counts.size() == 1 ? counts.front().key : std::string("several cases of one moment");
  }));
}

/// One property of a case; false where it is not so.
bool Player::one_of_case(respond::CaseState const& is, Reading& words) {
  auto const calendar = town_.cases().calendar();
  if (auto const outcome = words.after("outcome"); !outcome.empty()) return outcome == outcome_of(is.id);
  if (words.has("on time")) return !late(is.clocks, is.closed_at.value_or(time_.now()), calendar);
  if (words.has("late")) return late(is.clocks, is.closed_at.value_or(time_.now()), calendar);
  if (words.has("by force")) return is.ending == respond::Ending::forced;
  if (words.has("disputed")) return is.disputed;
  if (auto const duty = words.after("duty"); !duty.empty())
    return duty == (is.department.empty() ? "nobody" : is.department);
  if (auto const handler = words.after("handler"); !handler.empty()) return is.handler == "staff:" + handler;
  if (auto const helper = words.after("with help of"); !helper.empty())
    return std::ranges::any_of(is.joint, [&](auto const& joint) { return joint.department == helper; });
  if (words.has("because")) {
    auto const text = words.quoted();
    auto const entries =
        need(town_.db().read([&](store::Reader& reader) { return store::entries_of(reader, is.id); }));
    return std::ranges::any_of(
        entries, [&](auto const& entry) { return entry.payload.find(text) != std::string::npos; });
  }
  if (words.has("the appeal is upheld")) return is.appeal && is.appeal->upheld == true;
  if (words.has("the appeal is dismissed")) return is.appeal && is.appeal->upheld == false;
  return need(respond::stage_from(words.take_first())) == is.stage;
}

/// `clock handle/stop of c1 due 07-14 10:00`, and `running`, `paused`, `stopped`, `announced`, `used 4 of 30
/// minutes`.
void Player::expect_clock(Reading words) {
  auto const name = words.take_first();
  auto const of = words.after("of");
  if (!cases_.contains(of) && !signals_.contains(of)) wrong("no such case or signal: " + of);
  auto const is = cases_.contains(of) ? state(of).clocks : signal(of).clocks;
  auto const calendar = town_.cases().calendar();
  if (words.has("none")) {
    if (is.find(name)) wrong("expected no clock " + name);
    return words.finish();
  }
  auto const* clock = is.find(name);
  if (!clock) {
    std::string all;
    for (auto const& one : is) all += " " + one.name;
    wrong("there is no clock " + name + " among" + all);
  }
  auto const what = shown(*clock, time_.now(), calendar);
  if (auto const due = words.when_after("due")) {
    auto const at = need(clock->due(calendar));
    if (at != when(*due))
      wrong(fmt::format("expected due {}; it is {}", shown(when(*due), town_.zone()), what));
  }
  if (words.has("announced") && std::ranges::find(is.expired, name) == is.expired.end())
    wrong(fmt::format("expected that {} was announced as run out; it is {}", name, what));
  if (auto const used = words.after("used"); !used.empty()) expect_used(*clock, std::stod(used), words);
  for (auto const wanted : {core::ClockState::running, core::ClockState::paused, core::ClockState::stopped})
    if (words.has(core::name(wanted)) && clock->state != wanted)
      wrong(fmt::format("expected {}; it is {}", core::name(wanted), what));
  words.finish();
}

void Player::expect_used(core::Clock const& clock, double used, Reading& words) {
  auto const calendar = town_.cases().calendar();
  auto const of = words.after("of");
  double const budget = of.empty() ? -1 : std::stod(of);
  std::string const unit = words.has("minutes") ? "minutes"
                           : words.has("hours") ? "hours"
                           : words.has("days")  ? "days"
                                                : "?";
  bool const in_days = core::parts_of_one(clock.budget.unit) != core::parts_of_one(core::Unit::work_hours);
  if (in_days != (unit == "days")) wrong("the clock " + clock.name + " does not count " + unit);
  auto const one = static_cast<double>(core::parts_of_one(clock.budget.unit)) / (unit == "minutes" ? 60 : 1);
  auto const differs = [&](double expected, core::Amount is) {
    return std::abs(static_cast<double>(is) / one - expected) > close_enough;
  };
  if (differs(used, clock.used(time_.now(), calendar)) ||
      (budget >= 0 && differs(budget, clock.budget.amount)))
    wrong(fmt::format("expected {} of {} {} used; it is {}", used, budget, unit,
                      shown(clock, time_.now(), calendar)));
}

}  // namespace zhili::scenario
