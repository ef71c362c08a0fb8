#include "organise/calls/call_back.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "organise/people/text_check.hpp"

namespace zhili::organise {

using core::Errc;
using core::fail;

namespace {

constexpr int satisfied_from = 4;
constexpr int very_satisfied_from = 5;
constexpr int dissatisfied_until = 2;

struct Fact {
  std::string_view name;
  bool (*holds)(CallBack const& it, std::string_view rate);
};
constexpr Fact facts[] = {
    {"reached", [](CallBack const& it, std::string_view) { return it.state == CallBackState::reached; }},
    {"response_measured", [](CallBack const& it, std::string_view) { return it.response_due_at.has_value(); }},
    {"contacted_in_time",
     [](CallBack const& it, std::string_view) { return it.response_due_at && it.contacted_at && *it.contacted_at <= *it.response_due_at; }},
    {"contact_denied", [](CallBack const& it, std::string_view) { return it.contacted == Answer::no; }},
    {"solved", [](CallBack const& it, std::string_view) { return it.solved == Answer::yes; }},
    {"partly_solved", [](CallBack const& it, std::string_view) { return it.solved == Answer::partly; }},
    {"satisfied", [](CallBack const& it, std::string_view) { return it.satisfied >= satisfied_from; }},
    {"very_satisfied", [](CallBack const& it, std::string_view) { return it.satisfied >= very_satisfied_from; }},
    {"dissatisfied", [](CallBack const& it, std::string_view) { return it.satisfied >= 1 && it.satisfied <= dissatisfied_until; }},
    {"excluded", [](CallBack const& it, std::string_view rate) { return std::ranges::find(it.excluded_from, rate) != it.excluded_from.end(); }},
};
constexpr auto fact_names = [] {
  std::array<std::string_view, std::size(facts)> out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = facts[i].name;
  return out;
}();

/// A number spread evenly over 0 … 1 (splitmix64): neighbours fall far apart.
double lot_of(std::int64_t id) {
  auto z = static_cast<std::uint64_t>(id) + 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

core::Instant end_of(core::Budget budget, core::Instant from, core::Calendar const& calendar) {
  return core::due(budget, from, calendar).value_or(from);
}

core::Result<> check_answers(CallBackResult const& result) {
  if (characters(result.words) > call_back_words_chars_max)
    return fail(Errc::limit, "call_back.words",
                {fmt::format("最多 {} 字。", call_back_words_chars_max), fmt::format("At most {} characters.", call_back_words_chars_max)}, "words");
  if (!result.reached) return {};
  if (result.solved == Answer::unasked)
    return fail(Errc::invalid, "call_back.solved", {"请问：问题解决了吗？", "Ask: is it solved?"}, "solved");
  if (result.satisfied < 1 || result.satisfied > satisfaction_levels)
    return fail(Errc::invalid, "call_back.satisfied",
                {fmt::format("请问满意程度：1 到 {}。", satisfaction_levels), fmt::format("Ask how satisfied they are: 1 to {}.", satisfaction_levels)}, "satisfied");
  if (result.contacted == Answer::partly)
    return fail(Errc::invalid, "call_back.contacted", {"有没有人联系过：是或否。", "Whether anybody got in touch: yes or no."}, "contacted");
  if (result.reopen && result.solved == Answer::yes)
    return fail(Errc::invalid, "call_back.reopen", {"已解决的不用重办。", "What is solved is not opened again."}, "reopen");
  return {};
}

bool fits(CallBack const& it, std::vector<FactWanted> const& wanted, std::string_view rate) {
  return std::ranges::all_of(wanted, [&](FactWanted const& one) { return has_fact(it, one.fact, rate) == one.holds; });
}

void add(RateFigure& figure, RatePart part, std::int64_t times) {
  if (part == RatePart::excluded) figure.excluded += times;
  if (part == RatePart::numerator) figure.numerator += times;
  if (part == RatePart::numerator || part == RatePart::denominator) figure.denominator += times;
}

bool has_any(CallBack const& it, std::vector<FactWanted> const& wanted, std::string_view rate) {
  return std::ranges::any_of(wanted, [&](FactWanted const& one) { return has_fact(it, one.fact, rate) == one.holds; });
}

}  // namespace

std::string_view name(CallBackState state) {
  switch (state) {
    case CallBackState::due: return "due";
    case CallBackState::reached: return "reached";
    case CallBackState::not_reached: return "not_reached";
    case CallBackState::withdrawn: return "withdrawn";
  }
  return "";
}

std::string_view name(Answer answer) {
  switch (answer) {
    case Answer::unasked: return "unasked";
    case Answer::no: return "no";
    case Answer::partly: return "partly";
    case Answer::yes: return "yes";
  }
  return "";
}

std::optional<Answer> answer_from(std::string_view text) {
  for (auto const one : {Answer::unasked, Answer::no, Answer::partly, Answer::yes})
    if (name(one) == text) return one;
  return std::nullopt;
}

bool is_called_back(ClosedReport const& report, CallRules const& rules) {
  if (!report.reachable) return false;
  for (auto const& line : rules.shares)
    if ((line.channel.empty() || line.channel == report.channel) && report.item.starts_with(line.item)) return lot_of(report.signal_id) < line.share;
  return false;
}

std::optional<core::Instant> response_due(std::string_view item, std::optional<core::Instant> dispatched, CallRules const& rules,
                                          core::Calendar const& calendar) {
  if (!dispatched) return std::nullopt;
  for (auto const& limit : rules.response) {
    if (!item.starts_with(limit.item)) continue;
    auto const end = core::due(limit.within, *dispatched, calendar);
    return end ? std::optional(*end) : std::nullopt;
  }
  return std::nullopt;
}

core::Result<CallBack> after_attempt(CallBack it, CallBackResult const& result, core::Instant now, CallRules const& rules,
                                     core::Calendar const& calendar) {
  if (it.state != CallBackState::due)
    return fail(Errc::conflict, "call_back.over", {"这件回访已经结束。", "This call-back is over."}, "call_back");
  if (now < it.next_at)
    return fail(Errc::conflict, "call_back.early", {"刚打过没有接，请晚一点再打。", "Nobody answered a while ago: try again later."}, "call_back");
  ZHILI_CHECK(check_answers(result));
  ++it.attempts;
  if (result.reached) {
    it.state = CallBackState::reached;
    it.ended_at = now;
    it.contacted = result.contacted;
    it.solved = result.solved;
    it.satisfied = result.satisfied;
  } else if (result.no_number || it.attempts >= rules.attempts_max) {
    it.state = CallBackState::not_reached;
    it.ended_at = now;
  } else {
    it.next_at = end_of(rules.again_after, now, calendar);
  }
  return it;
}

bool is_over(CallBack const& it, core::Instant now) { return it.state == CallBackState::due && now >= it.due_at && now >= it.next_at; }

std::span<std::string_view const> call_back_facts() { return fact_names; }

bool has_fact(CallBack const& it, std::string_view fact, std::string_view rate) {
  auto const found = std::ranges::find(facts, fact, &Fact::name);
  return found != std::end(facts) && found->holds(it, rate);
}

RatePart part_of(CallBack const& it, RateDefinition const& rate) {
  if (it.state == CallBackState::withdrawn || !fits(it, rate.among, rate.code)) return RatePart::none;
  if (has_any(it, rate.without, rate.code)) return RatePart::excluded;
  return fits(it, rate.count, rate.code) ? RatePart::numerator : RatePart::denominator;
}

RateFigure figure_of(std::span<CallBack const> all, RateDefinition const& rate) {
  RateFigure out;
  for (auto const& it : all) add(out, part_of(it, rate), 1);
  return out;
}

RateFigure figure_of(std::span<AlikeCallBacks const> all, RateDefinition const& rate) {
  RateFigure out;
  for (auto const& one : all) add(out, part_of(one.like, rate), one.count);
  return out;
}

core::Result<> may_decide_exclusion(std::string_view asking_department, std::string_view asked_by, std::string_view decider,
                                    std::string_view deciding_department) {
  if (decider != asked_by && deciding_department != asking_department && !deciding_department.empty()) return {};
  return fail(Errc::forbidden, "exclusion.own",
              {"剔除由别的部门的考评岗决定：提出的人和部门不能自己定。", "An exclusion is decided by another department's evaluator, never by who asked or by their department."},
              "exclusion");
}

}  // namespace zhili::organise
