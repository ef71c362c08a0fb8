#include "catalogue/indicators.hpp"

#include <algorithm>

namespace zhili::catalogue {

std::string_view name(Cohort cohort) { return cohort == Cohort::signals ? "signals" : "cases"; }

std::span<FactWords const> fact_words() {
  using enum Fact;
  static constexpr auto of_case = Cohort::cases;
  static constexpr auto of_signal = Cohort::signals;
  static constexpr FactWords all_facts[] = {
      {closed, of_case, "closed", "已结案", "closed"},
      {on_time, of_case, "on_time", "在时限内结案", "closed within the promised time"},
      {late, of_case, "late", "超过时限才结案", "closed after the promised time"},
      {forced, of_case, "forced", "强制结案", "closed by force"},
      {suspended, of_case, "suspended", "缓办、挂账，时限停着", "suspended: its clock stands still"},
      {appealed, of_case, "appealed", "部门对计数提出了申诉", "a department has appealed against its counting"},
      {appeal_upheld, of_case, "appeal_upheld", "申诉成立", "the appeal was upheld"},
      {extended, of_case, "extended", "批准过延期", "an extension was granted"},
      {dispatched, of_case, "dispatched", "派遣过", "dispatched"},
      {dispatched_on_time, of_case, "dispatched_on_time", "按时派遣", "dispatched in time"},
      {returned, of_case, "returned", "被回退过", "returned by a department"},
      {handled, of_case, "handled", "处置并反馈过", "handled and reported back"},
      {handled_on_time, of_case, "handled_on_time", "在处置时限内反馈", "handled within the time for handling"},
      {verified, of_case, "verified", "核查过", "the result was verified or sent back"},
      {verified_on_time, of_case, "verified_on_time", "按时核查", "verified in time"},
      {first_time_fix, of_case, "first_time_fix", "首次核查就通过", "passed its first verification"},
      {reworked, of_case, "reworked", "返工过", "sent back for rework"},
      {reopened, of_case, "reopened", "结案后又重开", "opened again after closing"},
      {self_handled, of_case, "self_handled", "采集员自行处置", "put right on the spot by a collector"},
      {urgent, of_case, "urgent", "按紧急工作时处置", "its handling is counted in urgent hours"},
      {rated, of_case, "rated", "有评价", "rated by its reporter"},
      {satisfied, of_case, "satisfied", "评价为满意（4 或 5 分）", "rated 4 or 5 of 5"},
      {supervised, of_case, "supervised", "被督办过", "supervised"},
      {recorded, of_case, "recorded", "其他系统的历史", "history of another system"},
      {contradicted, of_case, "contradicted", "来源自相矛盾", "its source contradicts itself"},
      {frequent, of_case, "frequent", "高发：此前三十天，约五百米见方的同一处、同一事项已有两件以上", "again and again: two or more of the same item within one square of about 500 m in the thirty days before"},
      {decided, of_signal, "decided", "已有结论", "somebody has decided about it"},
      {valid, of_signal, "valid", "有效：没有被拒绝", "valid: not rejected"},
      {registered, of_signal, "registered", "单独立案", "a case of its own was registered"},
      {merged, of_signal, "merged", "并入已有的案卷", "joined to a case that was there"},
      {rejected, of_signal, "rejected", "不予立案", "rejected"},
      {checked, of_signal, "checked", "现场核实过", "looked at on site before registering"},
      {checked_on_time, of_signal, "checked_on_time", "按时核实", "looked at in time"},
      {by_staff, of_signal, "by_staff", "采集员或工作人员上报", "reported by staff"},
      {not_due_yet, of_case, "not_due_yet", "还没到期，也没结案", "neither closed nor due yet"},
  };
  return all_facts;
}

FactWords const& words(Fact fact) { return *std::ranges::find(fact_words(), fact, &FactWords::fact); }

std::string_view name(Quantity quantity) {
  switch (quantity) {
    case Quantity::number: return "number";
    case Quantity::dispatches: return "dispatches";
    case Quantity::accurate_dispatches: return "accurate_dispatches";
    case Quantity::returns: return "returns";
    case Quantity::reworks: return "reworks";
    case Quantity::hours: return "hours";
  }
  return {};
}

core::Text title(Quantity quantity) {
  switch (quantity) {
    case Quantity::number: return {"件数", "number"};
    case Quantity::dispatches: return {"派遣次数", "times dispatched"};
    case Quantity::accurate_dispatches: return {"准确派遣次数", "times dispatched and not returned"};
    case Quantity::returns: return {"回退次数", "times returned"};
    case Quantity::reworks: return {"返工次数", "times sent back for rework"};
    case Quantity::hours: return {"从上报到结案的小时数", "hours from the report to the end"};
  }
  return {};
}

std::string_view name(Unit unit) {
  switch (unit) {
    case Unit::share: return "share";
    case Unit::times: return "times";
    case Unit::hours: return "hours";
  }
  return {};
}

}  // namespace zhili::catalogue
