// Prints the table as the page of the documentation.
#include <fmt/format.h>

#include "respond/cases/table.hpp"

namespace zhili::respond {

namespace {

using core::in;
using core::Lang;
using core::Text;

Text title(Which which) {
  switch (which) {
    case Which::check:
      return {"核实时限", "check"};
    case Which::dispatch:
      return {"派遣时限", "dispatch"};
    case Which::handle:
      return {"处置时限", "handle"};
    case Which::verify:
      return {"核查时限", "verify"};
    case Which::whole:
      return {"全流程时限", "whole"};
    case Which::dispute:
      return {"争议时限", "dispute"};
    case Which::supervision:
      return {"督办时限", "supervision"};
    case Which::appeal:
      return {"申诉时限", "appeal"};
    case Which::every:
      return {"全部时限", "all"};
  }
  return {};
}

Text title(Effect effect) {
  switch (effect) {
    case Effect::start:
      return {"开始", "starts"};
    case Effect::from_receipt:
      return {"自收到信号起算", "counts from receipt"};
    case Effect::take_up:
      return {"开始（暂停过的接着走）", "starts (goes on if it was paused)"};
    case Effect::go_on:
      return {"接着走", "goes on"};
    case Effect::rework:
      return {"按返工时限走，没有则用剩余时间", "runs on the rework budget, or on what is left"};
    case Effect::pause:
      return {"暂停", "pauses"};
    case Effect::stop:
      return {"停止", "stops"};
    case Effect::grow:
      return {"延长至新日期", "grows to the new date"};
    case Effect::of_stage:
      return {"按所在环节开始", "those of the stage start"};
    case Effect::recount:
      return {"按新日历重算", "counted again by the new calendar"};
  }
  return {};
}

template <class E, class All>
std::string list(All const& all, Set<E> chosen, Lang lang) {
  std::string out;
  for (auto one : all)
    if (chosen.has(one))
      out += (out.empty() ? "" : lang == Lang::zh ? "、" : ", ") + in(lang, respond::title(one));
  return out.empty() ? "–" : out;
}

std::string guards(Guards chosen, Lang lang) {
  std::string out;
  for (int i = 0; i <= static_cast<int>(Guard::closing_condition); ++i)
    if (auto const guard = static_cast<Guard>(i); chosen.has(guard))
      out += (out.empty() ? "" : lang == Lang::zh ? "；" : "; ") + in(lang, words(guard));
  return out.empty() ? "–" : out;
}

std::string clocks(ClockEffects const& effects, Lang lang) {
  std::string out;
  for (auto const& e : effects)
    out += fmt::format("{}{}{}{}",
                       out.empty()        ? ""
                       : lang == Lang::zh ? "；"
                                          : "; ",
                       in(lang, title(e.which)), lang == Lang::zh ? "" : " ", in(lang, title(e.effect)));
  return out.empty() ? "–" : out;
}

std::string from(Row const& row, Lang lang) {
  if (row.from == open_stages) return lang == Lang::zh ? "任何未结案环节" : "any open";
  if (row.from == (open_stages | Stage::closed))
    return lang == Lang::zh ? "任何未结案环节、已结案" : "any open, closed";
  return list(all_stages, row.from, lang);
}

std::string to(Row const& row, Lang lang) {
  switch (row.to) {
    case To::stage:
      return in(lang, title(row.stage));
    case To::same:
      return lang == Lang::zh ? "不变" : "same";
    case To::before:
      return lang == Lang::zh ? "合并前的状态" : "the state before";
    case To::by_decision:
      return lang == Lang::zh ? "支持则回到已采集，否则不变" : "collected if upheld, else same";
    case To::as_source_says:
      return lang == Lang::zh ? "以来源为准" : "as the source says";
  }
  return {};
}

std::string rows_of(Subject subject, Lang lang) {
  std::string out = lang == Lang::zh ? "| 从 | 操作 | 谁可以 | 需要 | 到 | 时限 | 账本记录 |\n"
                                     : "| from | command | who | needs | to | clocks | entry |\n";
  out += "|---|---|---|---|---|---|---|\n";
  for (auto const& row : rows())
    if (row.subject == subject)
      out += fmt::format("| {} | {} `{}` | {} | {} | {} | {} | `{}` |\n", from(row, lang),
                         in(lang, title(row.verb)), name(row.verb), list(all_roles, row.who, lang),
                         guards(row.guards, lang), to(row, lang), clocks(row.clocks, lang),
                         core::name(row.event));
  return out;
}

constexpr auto page_zh = R"(# 案卷的一生

本页由代码中的流转表（`src/respond/cases/table.cpp`）生成，测试保证二者一致。表中每一行是一个操作；表中没有的一律拒绝，并说明原因、谁可以做、该怎么办。
处置的人不评判自己的工作。回退、返工、重开都计数，只增不减。

## 信号

{}
## 案卷

{}
时限的四种单位：紧急工作时、自然日昼夜不停；工作时只在日历的工作时间内走；N 个工作日到第 N 个工作日的同一时刻为止；在工作时间以外开始的，从下一个工作时间算起。
)";

constexpr auto page_en = R"(# The life of a case

This page is printed from the table in the code (`src/respond/cases/table.cpp`); a test holds the two equal. Each row is one
command. What is not a row is refused, with the reason, who may do it and what to do instead. Those who judge are not those who
act. Returns, reworks and reopenings are counted and only grow.

## Signal

{}
## Case

{}
The four units of a clock: urgent hours and natural days run around the clock; work hours run within the hours of the calendar;
N work days end at the same time of the Nth work day. What begins outside work time counts from the next work time.
)";

}  // namespace

std::string lifecycle_page(Lang lang) {
  return fmt::format(fmt::runtime(lang == Lang::zh ? page_zh : page_en), rows_of(Subject::signal, lang),
                     rows_of(Subject::a_case, lang));
}

}  // namespace zhili::respond
