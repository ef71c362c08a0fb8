// What each guard asks for and what to do when it does not hold: one list for the refusals and for the
// documentation.
#include <fmt/format.h>

#include <algorithm>

#include "respond/cases/guards.hpp"

namespace zhili::respond {

namespace {

using core::Errc;
using G = Guard;

struct GuardWords {
  Guard guard;
  Errc code;
  char const* field;
  core::Text needs;   ///< after "needs": "a reason"
  core::Text remedy;  ///< what to do
};

// clang-format off
GuardWords const all_words[] = {
  {G::not_own_work, Errc::forbidden, "actor", {"操作人及其部门未参与处置", "somebody who had no hand in the work, nor their department"},
   {"处置的人不能评判自己的工作，请交给其他部门的人。", "Who handled it cannot verify or close it. Ask somebody of another department."}},
  {G::not_asker, Errc::forbidden, "actor", {"审批人不是申请人", "another person than the one who asked"},
   {"请由另一位值班长审批。", "Ask another lead to decide."}},
  {G::other_post, Errc::forbidden, "actor", {"裁定人不是申诉人、核查人、结案人，也不属于其部门", "a person who neither appealed, verified nor closed it, nor is of the appealing department"},
   {"请由另一位考评员裁定。", "Ask another evaluator to decide."}},
  {G::not_reporter, Errc::forbidden, "actor", {"核实人不是上报人", "another person than the reporter"},
   {"请派另一位采集员核实。", "Send another collector."}},
  {G::not_releaser, Errc::forbidden, "actor", {"裁定人不是公开的人，也不是申诉的人", "another person than the one who released, and than the one who objects"},
   {"请由另一位同事裁定。", "Have a colleague decide."}},
  {G::reporter, Errc::forbidden, "token", {"上报人本人", "the reporter"},
   {"请使用上报时得到的查询链接。", "Use the link that was given when the report was sent."}},
  {G::own_department, Errc::forbidden, "department", {"承办部门的人员", "somebody of the department that has the case"},
   {"请联系承办部门，或请派遣员改派。", "Ask that department, or ask the dispatcher to dispatch it again."}},
  {G::handler, Errc::forbidden, "actor", {"接单人或其部门负责人", "the person who took it, or their lead"},
   {"请由接单人反馈，或先转交。", "Ask the person who took it, or have it handed over first."}},
  {G::duty_holder, Errc::forbidden, "department", {"当前责任方（派遣前后为派遣员，办理中为承办部门）", "whoever has the duty now: the department while it works, else the dispatcher"},
   {"请由当前责任方操作。", "Ask whoever has the duty now."}},
  {G::joint_department, Errc::forbidden, "department", {"尚未完成的协办部门", "a joint department that has not finished yet"},
   {"只有协办部门可以完成自己的部分。", "Only a joint department can finish its own part."}},
  {G::assigned_verifier, Errc::forbidden, "actor", {"被指定的核查员", "the verifier who was chosen"},
   {"请由被指定的核查员操作，或由派遣员另行指定。", "Ask the chosen verifier, or have the dispatcher choose another."}},
  {G::verifier_apart, Errc::invalid, "person", {"指定的核查员及其部门未参与处置", "a verifier who had no hand in the work, nor their department"},
   {"请另选核查员，或留空由任何核查员接手。", "Choose another, or leave it open to any verifier."}},
  {G::recorded, Errc::conflict, "case", {"尚未接管的历史案卷", "a recorded case that was not adopted yet"},
   {"本案卷已由本系统办理，无需接管。", "This case is already ours."}},
  {G::disputed, Errc::conflict, "case", {"案卷被回退、责任有争议", "a dispute: the case was returned"},
   {"没有争议的案卷请直接派遣。", "Without a dispute, dispatch it."}},
  {G::dispute_over, Errc::conflict, "case", {"争议时限已过", "the time for the dispute to be over"},
   {"请等争议时限到期，或由值班长定责。", "Wait for it, or ask the lead to settle it."}},
  {G::returns_left, Errc::conflict, "case", {"回退次数未达上限", "fewer returns than the limit"},
   {"多次回退的案卷请由值班长“兜底定责”。", "After so many returns the dispatcher's lead settles who does it (settle)."}},
  {G::within_return, Errc::conflict, "case", {"在派遣后的回退时限内，且未经兜底定责", "to be within the time for returns after dispatch, and not settled by the lead"},
   {"逾期不能回退：请办理，或请值班长改派。", "It is too late to return it: handle it, or ask the dispatcher's lead."}},
  {G::extension_asked, Errc::conflict, "case", {"有待审批的延期申请", "an extension that was asked for"},
   {"请先由承办部门提出申请。", "The department has to ask first."}},
  {G::suspension_asked, Errc::conflict, "case", {"有待审批的挂账申请", "a suspension that was asked for"},
   {"请先由承办部门提出申请。", "The department has to ask first."}},
  {G::nothing_asked, Errc::conflict, "case", {"没有待审批的申请", "no other wish that waits for a decision"},
   {"请等待上一申请的审批结果。", "Wait for the decision on the one before."}},
  {G::suspension_over, Errc::conflict, "case", {"挂账期满", "the suspension to be over"},
   {"请等期满，或由值班长恢复办理。", "Wait for it, or ask the lead to resume."}},
  {G::joint_finished, Errc::conflict, "joint", {"协办部门均已完成", "every joint department to have finished"},
   {"请先催促协办部门完成。", "Ask the joint departments to finish their parts."}},
  {G::supervision_open, Errc::conflict, "number", {"该次督办尚未回复", "a supervision of that number without a reply"},
   {"请核对督办编号。", "Check the number of the supervision."}},
  {G::not_rated, Errc::conflict, "case", {"尚未评价", "no rating yet"},
   {"每件案卷只能评价一次。", "A case is rated once."}},
  {G::within_rating, Errc::conflict, "case", {"在评价期内", "to be within the days for rating"},
   {"评价期已过。", "The days for rating are over."}},
  {G::no_appeal_yet, Errc::conflict, "case", {"尚未申诉过", "no appeal before"},
   {"同一结果只能申诉一次。", "One appeal is possible."}},
  {G::appeal_pending, Errc::conflict, "case", {"有待裁定的申诉", "an appeal that waits for a decision"},
   {"没有可裁定的申诉。", "There is nothing to decide."}},
  {G::no_appeal_pending, Errc::conflict, "case", {"没有待裁定的申诉", "no appeal that waits for a decision"},
   {"请先裁定申诉。", "Decide the appeal first."}},
  {G::within_appeal, Errc::conflict, "case", {"在申诉期内", "to be within the days for an appeal"},
   {"申诉期已过。", "The days for an appeal are over."}},
  {G::within_reopening, Errc::conflict, "case", {"在可重开的期限内", "to be within the days for reopening"},
   {"期限已过：请重新上报，受理员也可以重开。", "The days are over: report it again, or ask an acceptor to reopen it."}},
  {G::evaluation_due, Errc::conflict, "case", {"评价期和申诉期均已过", "the days for rating and appeal to be over"},
   {"到期后系统会自动评价。", "It is evaluated by itself when they are."}},
  {G::keeping_over, Errc::conflict, "case", {"保存期已满", "the time of keeping to be over"},
   {"期满后系统会自动归档。", "It is archived by itself when it is."}},
  {G::clock_over, Errc::conflict, "clock", {"该时限正在走且已用完、尚未提示", "a running clock of that name that has run out and was not announced"},
   {"时限未到，或已提示过。", "It has time left, or was announced before."}},
  {G::clocks_running, Errc::conflict, "case", {"有未走完的时限", "a clock that runs or stands still"},
   {"没有需要重算的时限。", "There is nothing to count again."}},
  {G::item_self_handled, Errc::conflict, "case", {"该事项允许现场自行处置", "an item that may be put right on the spot"},
   {"请派遣给承办部门。", "Have it dispatched to a department."}},
  {G::check_asked_for, Errc::conflict, "signal", {"立案条件要求核实", "a condition that asks for a check"},
   {"可以直接立案。", "Register it as it is."}},
  {G::checked_if_needed, Errc::conflict, "signal", {"需要核实的已经核实属实", "to be checked and found, if the condition asks for it"},
   {"请先要求核实。", "Ask for a check first."}},
  {G::rule_named, Errc::invalid, "rule", {"写明所依据的规则", "the rule by which it is done"},
   {"自动立案必须写明规则，登记在算法公示中。", "Name the rule, as the algorithm register has it."}},
  {G::case_to_join, Errc::invalid, "case", {"另一件未结案的案卷", "another case that is open"},
   {"请选择一件未结案卷。", "Choose an open case."}},
  {G::own_case_untouched, Errc::conflict, "case", {"本信号的案卷尚未派遣", "the signal's own case not to be dispatched yet"},
   {"已派遣的案卷不能再合并。", "A case that was dispatched cannot be joined to another."}},
  {G::with_its_case, Errc::conflict, "case", {"随它所在的案卷一起合并", "to go along with the case that it stands in"},
   {"已合并的上报请先拆分，或合并它所在的案卷。", "Split it first, or join the case that it stands in."}},
  {G::another_report, Errc::invalid, "into", {"另一件上报或案卷", "another report or case"},
   {"请指出它与哪一件不是同一件事。", "Say with which one it is not the same."}},
  {G::not_released, Errc::conflict, "signal", {"尚未公开", "not to be released yet"},
   {"内容已经公开。", "It is public already."}},
  {G::something_withheld, Errc::conflict, "signal", {"有未公开的内容", "something that is withheld"},
   {"没有未公开的内容。", "Nothing is withheld."}},
  {G::no_release_appeal_yet, Errc::conflict, "signal", {"这次公开尚未申诉过", "no appeal against this release before"},
   {"已经申诉过一次。", "There was one before."}},
  {G::release_appeal_pending, Errc::conflict, "signal", {"有待裁定的公开申诉", "an undecided appeal about what is withheld"},
   {"没有待裁定的申诉。", "There is none."}},
  {G::opening, Errc::invalid, "item", {"信号、事件、事项和立案条件", "signal, incident, item and condition"},
   {"请补全立案内容。", "Fill in what is missing."}},
  {G::reason, Errc::invalid, "reason", {"理由", "a reason"},
   {"请写明理由。", "Write one."}},
  {G::reason_if_withheld, Errc::invalid, "reason", {"有不公开的内容时的理由", "a reason if anything is withheld"},
   {"请写明为什么不公开，上报人会看到。", "Say why it is withheld; whoever reported reads it."}},
  {G::department, Errc::invalid, "department", {"一个尚未参与的部门", "a department, and for joint work one that has no part yet"},
   {"请选择部门。", "Choose one."}},
  {G::person, Errc::invalid, "person", {"接手的人", "the person who goes on"},
   {"请选择人员。", "Choose one."}},
  {G::until_ahead, Errc::invalid, "until", {"一个将来的日期", "a date that is ahead"},
   {"请填写将来的日期。", "Give a later date."}},
  {G::until_extends, Errc::invalid, "until", {"一个晚于现时限的日期和一个正在走的处置时限", "a date after the present end, and one running clock of the handling"},
   {"请填写更晚的日期；有多个时限时写明是哪一个。", "Give a later date; where several clocks run, name one."}},
  {G::level, Errc::invalid, "level", {"督办级别（1 至 3）", "a level from 1 to 3"},
   {"请选择级别。", "Choose one."}},
  {G::score, Errc::invalid, "score", {"评分（1 至 5）", "a score from 1 to 5"},
   {"请选择评分。", "Choose one."}},
  {G::evidence_handle, Errc::invalid, "photos", {"立案条件要求的处置照片", "the photos of the handling that the condition asks for"},
   {"请补齐照片（如处置前、处置后）。", "Add them (before, after)."}},
  {G::evidence_verify, Errc::invalid, "photos", {"立案条件要求的核查照片", "the photos of the verification that the condition asks for"},
   {"请补齐照片。", "Add them."}},
  {G::photo_if_found, Errc::invalid, "photos", {"核实属实时的照片（如立案条件要求）", "a photo if it was found and the condition asks for one"},
   {"请补拍照片。", "Add one."}},
  {G::closing_condition, Errc::invalid, "closing_condition_met", {"确认达到结案条件", "the word that the closing condition is met"},
   {"请对照结案条件确认。", "Compare with the closing condition and confirm."}},
};
// clang-format on
static_assert(std::size(all_words) == static_cast<std::size_t>(Guard::closing_condition) + 1);

GuardWords const& words_of(Guard guard) {
  return *std::ranges::find(all_words, guard, &GuardWords::guard);
}

template <class E, class All>
core::Text list_of(All const& all, Set<E> chosen) {
  core::Text out;
  for (auto one : all) {
    if (!chosen.has(one)) continue;
    auto const text = title(one);
    out.zh += (out.zh.empty() ? "" : "、") + text.zh;
    out.en += (out.en.empty() ? "" : ", ") + text.en;
  }
  return out;
}

core::Result<> bounded(std::string const& text, std::size_t limit, char const* field) {
  std::size_t chars = 0;
  for (auto byte : text) chars += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1 : 0;
  if (chars <= limit && text.find('\0') == std::string::npos) return {};
  return core::fail(Errc::limit, "case.too_long",
                    {fmt::format("“{}”最多 {} 个字，不能含空字符。请缩短。", field, limit),
                     fmt::format("\"{}\" takes at most {} characters and no NUL. Shorten it.", field, limit)},
                    field);
}

}  // namespace

core::Text words(Guard guard) {
  return words_of(guard).needs;
}

core::Error refusal(Verb verb, Guard guard) {
  auto const& w = words_of(guard);
  auto const what = title(verb);
  return {w.code,
          fmt::format("case.{}.{}", name(verb), w.field),
          {fmt::format("不能“{}”：需要{}。{}", what.zh, w.needs.zh, w.remedy.zh),
           fmt::format("Cannot {}: it needs {}. {}", what.en, w.needs.en, w.remedy.en)},
          w.field,
          fmt::format("guard {}", static_cast<int>(guard))};
}

core::Error refusal_of_stage(Subject subject, Verb verb, Stage stage) {
  Stages possible;
  std::string zh;
  std::string en;
  std::uint64_t said = 0;
  for (auto const& row : rows()) {
    if (row.subject != subject) continue;
    if (row.verb == verb) possible = possible | row.from;
    auto const bit = std::uint64_t{1} << static_cast<unsigned>(row.verb);
    if (!row.from.has(stage) || row.who == Roles(Role::system) || (said & bit) != 0) continue;
    said |= bit;
    zh += (zh.empty() ? "" : "、") + title(row.verb).zh;
    en += (en.empty() ? "" : ", ") + title(row.verb).en;
  }
  auto const what = title(verb);
  auto const where = list_of(all_stages, possible);
  auto const here = title(stage);
  if (zh.empty()) zh = en = "–";
  return {Errc::conflict,
          fmt::format("case.{}.stage", name(verb)),
          {fmt::format("“{}”状态下不能“{}”，只能在：{}。现在可以：{}。", here.zh, what.zh, where.zh, zh),
           fmt::format("Cannot {} while it is {}; that is possible when {}. What can be done now: {}.",
                       what.en, here.en, where.en, en)},
          "stage"};
}

core::Error refusal_of_role(Verb verb, Stage stage, Roles may) {
  auto const what = title(verb);
  auto const who = list_of(all_roles, may);
  auto const here = title(stage);
  return {Errc::forbidden,
          fmt::format("case.{}.role", name(verb)),
          {fmt::format("您的角色不能“{}”（当前环节：{}）。可以操作的是：{}。请转给他们。", what.zh, here.zh,
                       who.zh),
           fmt::format("Your role may not {} (stage: {}). Who may: {}. Ask them.", what.en, here.en, who.en)},
          "actor"};
}

core::Error refusal_of_version(std::int64_t expected, std::int64_t actual, std::string const& changed_by) {
  return {Errc::conflict,
          "case.version",
          {fmt::format("您看到的是第 {} 版，案卷已由 {} 改为第 {} 版。请刷新后再操作。", expected, changed_by,
                       actual),
           fmt::format("You saw version {}; {} has made version {} since. Look again, then decide.", expected,
                       changed_by, actual)},
          "expected_version"};
}

core::Result<> check_bounds(Command const& command, core::Instant now) {
  ZHILI_CHECK(bounded(command.reason, max_reason_chars, "reason"));
  ZHILI_CHECK(bounded(command.department, max_ref_chars, "department"));
  ZHILI_CHECK(bounded(command.post, max_ref_chars, "post"));
  ZHILI_CHECK(bounded(command.person, max_ref_chars, "person"));
  ZHILI_CHECK(bounded(command.person_department, max_ref_chars, "person_department"));
  ZHILI_CHECK(bounded(command.clock, max_ref_chars, "clock"));
  ZHILI_CHECK(bounded(command.duty_because, max_duty_because_chars, "duty_because"));
  for (auto const& photo : command.photos) {
    ZHILI_CHECK(bounded(photo.name, max_ref_chars, "photos"));
    ZHILI_CHECK(bounded(photo.shows, max_ref_chars, "photos"));
  }
  if (command.photos.size() > max_photos_per_command)
    return core::fail(Errc::limit, "case.too_many_photos",
                      {fmt::format("一次最多 {} 张照片。请减少照片。", max_photos_per_command),
                       fmt::format("At most {} photos at once. Bring fewer.", max_photos_per_command)},
                      "photos");
  if (command.until && *command.until > now + max_ahead)
    return core::fail(
        Errc::limit, "case.too_far",
        {fmt::format("日期最远为 {} 天后。请填写较近的日期。", max_ahead.count()),
         fmt::format("A date may be at most {} days ahead. Give a nearer one.", max_ahead.count())},
        "until");
  return {};
}

}  // namespace zhili::respond
