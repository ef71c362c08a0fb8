#include "respond/cases/story.hpp"

#include <fmt/format.h>

namespace zhili::respond {

namespace {

using core::EventKind;
using core::Text;

/// What is said of one event, without its subject.
struct Said {
  Text words;
  Audience audience = Audience::everybody;
  bool with_reason = false;
};

Text operator+(Text const& a, Text const& b) { return {a.zh + b.zh, a.en + b.en}; }

Text until_words(Event const& event, WhenOf const& when) {
  if (!event.until) return {};
  auto const at = when(*event.until);
  return {"，至" + at.zh, ", until " + at.en};
}

Text times(int number, Text const& what) {
  return number > 1 ? Text{fmt::format("{}（第 {} 次）", what.zh, number), fmt::format("{} (for the {}{} time)", what.en, number,
                                                                                   number == 2 ? "nd" : number == 3 ? "rd" : "th")}
                    : what;
}

Text opening_words(Event const& event) {
  if (!event.opening || event.opening->rule.empty()) return {"立案", "opened the case"};
  return {"按规则“" + event.opening->rule + "”自动立案", "opened the case by the rule \"" + event.opening->rule + "\""};
}

Text recorded_words(Event const& event, WhenOf const& when) {
  Text out{"从来源系统记入", "was taken over from the source's records"};
  if (event.opening && event.opening->closed_at) {
    auto const at = when(*event.opening->closed_at);
    out = out + Text{"，来源写明 " + at.zh + " 结案", "; the source closed it on " + at.en};
  }
  return out;
}

Text stars(int score) { return {fmt::format("评价：{} 分（满分 5）", score), fmt::format("rated the result {} of 5", score)}; }

/// The way there and back: dispatching, taking, handling.
std::optional<Said> said_of_work(Event const& e, NameOf const& names, WhenOf const&) {
  auto const to = e.department.empty() ? Text{} : names(e.department);
  switch (e.kind) {
    case EventKind::case_registered: return Said{opening_words(e)};
    case EventKind::case_dispatched: return Said{{"派给" + to.zh, "sent it to " + to.en}};
    case EventKind::case_returned: return Said{times(e.number, {"退回：不归本部门", "sent it back as not theirs"}), Audience::staff, true};
    case EventKind::case_settled: return Said{{"裁定由" + to.zh + "处置", "settled that " + to.en + " has the duty"}, Audience::everybody, true};
    case EventKind::case_taken: return Said{{"接单，开始处置", "took the case and began to work"}};
    case EventKind::case_handed_over: return Said{{"转给同部门的另一位同事", "handed it to a colleague"}, Audience::staff};
    case EventKind::case_joint_added: return Said{{"请" + to.zh + "协办", "asked " + to.en + " to help"}};
    case EventKind::case_joint_done: return Said{{"协办完成", "finished their part"}};
    case EventKind::case_reported_back: return Said{{"反馈：处置完成", "reported the work done"}, Audience::everybody, true};
    case EventKind::case_self_handled: return Said{{"当场处置完成", "put it right on the spot"}, Audience::everybody, true};
    default: return std::nullopt;
  }
}

/// Waiting and asking: extension, suspension, supervision.
std::optional<Said> said_of_time(Event const& e, NameOf const&, WhenOf const& when) {
  bool const granted = e.what == "granted";
  switch (e.kind) {
    case EventKind::case_extension_asked:
    case EventKind::case_suspension_asked: {
      auto const name = e.kind == EventKind::case_suspension_asked ? Text{"挂账", "to suspend the case"} : Text{"延期", "for more time"};
      return Said{Text{"申请" + name.zh, "asked " + name.en} + until_words(e, when), Audience::everybody, true};
    }
    case EventKind::case_extension_decided:
      return Said{(granted ? Text{"同意延期", "granted more time"} : Text{"没有同意延期", "did not grant more time"}) + until_words(e, when),
                  Audience::everybody, true};
    case EventKind::case_suspension_decided:
      return Said{(granted ? Text{"同意挂账", "agreed to suspend the case"} : Text{"没有同意挂账", "did not agree to suspend the case"}) +
                      until_words(e, when), Audience::everybody, true};
    case EventKind::case_resumed: return Said{{"恢复处置，时限接着走", "resumed the work; the clock runs on"}};
    case EventKind::case_supervised: return Said{Text{fmt::format("督办（{} 级）", e.level), fmt::format("put it under supervision (level {})", e.level)} + until_words(e, when), Audience::everybody, true};
    case EventKind::case_supervision_replied: return Said{{"答复督办", "answered the supervision"}, Audience::staff, true};
    case EventKind::clock_expired: return Said{{"提醒：有一个时限已到", "noted that a clock ran out"}, Audience::system};
    case EventKind::clock_reprojected: return Said{{"按新的工作日历重算时限", "recomputed the clocks by the changed calendar"}, Audience::system, true};
    default: return std::nullopt;
  }
}

/// Judging and ending.
std::optional<Said> said_of_end(Event const& e, NameOf const&, WhenOf const& when) {
  switch (e.kind) {
    case EventKind::case_verification_sent: return Said{{"请人到现场核查", "asked for a check on site"}};
    case EventKind::case_verified: return Said{{"核查通过", "checked it: passed"}};
    case EventKind::case_reworked: return Said{times(e.number, {"核查没有通过，要求返工", "checked it: not passed, to be done again"}), Audience::everybody, true};
    case EventKind::case_verification_unable: return Said{{"这次核查不了", "could not check it this time"}, Audience::staff, true};
    case EventKind::case_closed: return Said{{"结案", "closed the case"}, Audience::everybody, true};
    case EventKind::case_force_closed: return Said{{"强制结案", "closed the case by force"}, Audience::everybody, true};
    case EventKind::case_reopened: return Said{times(e.number, {"重开案卷", "reopened the case"}), Audience::everybody, true};
    case EventKind::case_rated: return Said{stars(e.number)};
    case EventKind::case_evaluated: return Said{{"综合评价完成", "finished the evaluation"}, Audience::system};
    case EventKind::case_appealed: return Said{{"对评价提出申诉", "appealed against the evaluation"}, Audience::staff, true};
    case EventKind::case_appeal_decided:
      return Said{e.what == "upheld" ? Text{"申诉成立", "upheld the appeal"} : Text{"申诉不成立", "dismissed the appeal"}, Audience::staff, true};
    case EventKind::case_archived: return Said{{"归档", "archived the case"}, Audience::system};
    case EventKind::case_recorded: return Said{recorded_words(e, when), Audience::everybody, true};
    case EventKind::case_merged: return Said{{"发现与另一件案卷是同一件事，合在一起办", "found that another case is about the same thing; they go together"}, Audience::everybody, true};
    case EventKind::case_split: return Said{{"把合办的案卷分开，这一件接着办", "parted it from the other case; this one goes on"}, Audience::everybody, true};
    case EventKind::case_alarm_told:
      if (e.what == "cleared") return Said{{"告警已解除：读数恢复正常，案卷照常办理", "noted that the alarm is over; the case goes on"}, Audience::staff};
      if (e.what == "escalated") return Said{{"告警升级", "noted that the alarm has become graver"}, Audience::staff};
      return Said{{"告警再次出现", "noted that the alarm is back"}, Audience::staff};
    case EventKind::case_adopted: return Said{{"接过这件历史案卷，时限开始走", "took over the recorded case; its clocks run now"}};
    default: return std::nullopt;
  }
}

Said said(Event const& e, NameOf const& names, WhenOf const& when) {
  using Part = std::optional<Said> (*)(Event const&, NameOf const&, WhenOf const&);
  for (Part const part : {Part{said_of_work}, Part{said_of_time}, Part{said_of_end}})
    if (auto found = part(e, names, when)) return *found;
  auto const kind = std::string(name(e.kind));
  return {{"记下：" + kind, "recorded: " + kind}, Audience::system};
}

Text who(Event const& e, NameOf const& names) {
  auto const role = title(e.role);
  if (e.actor_department.empty()) return role;
  auto const department = names(e.actor_department);
  return {department.zh + role.zh, role.en + " of " + department.en};
}

}  // namespace

std::string_view name(Audience audience) {
  switch (audience) {
    case Audience::everybody: return "public";
    case Audience::staff: return "staff";
    case Audience::system: return "system";
  }
  return "system";
}

Audience audience_of(Event const& event) {
  return said(event, [](std::string_view) { return Text{}; }, [](core::Instant) { return Text{}; }).audience;
}

StoryLine story_line(std::int64_t seq, Event const& event, NameOf const& department_name, WhenOf const& when) {
  auto const what = said(event, department_name, when);
  StoryLine out{.seq = seq, .at = event.at, .kind = event.kind, .role = event.role, .who = who(event, department_name), .sentence = {},
                .audience = what.audience, .from_source = event.kind == EventKind::case_recorded, .photos = event.photos};
  out.sentence = {out.who.zh + what.words.zh, "The " + out.who.en + " " + what.words.en};
  if (what.with_reason && what.audience == Audience::everybody && !event.reason.empty())
    out.sentence = out.sentence + Text{"：“" + event.reason + "”", ": \"" + event.reason + "\""};
  if (!event.photos.empty())
    out.sentence = out.sentence + Text{fmt::format("，照片 {} 张", event.photos.size()),
                                       fmt::format(", with {} photo{}", event.photos.size(), event.photos.size() == 1 ? "" : "s")};
  return out;
}

}  // namespace zhili::respond
