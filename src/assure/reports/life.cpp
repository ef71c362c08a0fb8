#include "assure/reports/life.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace zhili::assure::reports {

namespace {

using core::Errc;
using core::EventKind;
using core::fail;

enum class By : std::uint8_t { editor, approver };

struct Line {
  Verb verb;
  std::string_view code;
  core::Text title;
  std::vector<State> from;
  By by;
  EventKind kind;
  State to;  ///< none: stays
};

/// The whole life: a reader checks it here.
std::vector<Line> const& table() {
  using enum State;
  static std::vector<Line> const lines{
      {Verb::draft, "draft", {"起草", "Draft"}, {none}, By::editor, EventKind::report_drafted, draft},
      {Verb::redraft, "redraft", {"重取数据", "Take the figures anew"}, {draft, withdrawn}, By::editor, EventKind::report_redrafted, draft},
      {Verb::comment, "comment", {"写按语", "Comment"}, {draft}, By::editor, EventKind::report_commented, draft},
      {Verb::approve, "approve", {"审签", "Approve"}, {draft}, By::approver, EventKind::report_approved, approved},
      {Verb::send_back, "send_back", {"退回修改", "Send back"}, {draft, approved}, By::approver, EventKind::report_sent_back, draft},
      {Verb::publish, "publish", {"公开发布", "Publish"}, {approved}, By::approver, EventKind::report_published, published},
      {Verb::send, "send", {"发送", "Send"}, {approved, published}, By::approver, EventKind::report_sent, none},
      {Verb::withdraw, "withdraw", {"撤回", "Withdraw"}, {published}, By::approver, EventKind::report_withdrawn, withdrawn}};
  return lines;
}

Line const& line_of(Verb verb) { return table()[static_cast<std::size_t>(verb)]; }

bool needs_reason(Verb verb) { return verb == Verb::send_back || verb == Verb::withdraw; }
bool makes_version(EventKind kind) {
  return kind == EventKind::report_drafted || kind == EventKind::report_redrafted || kind == EventKind::report_commented;
}

core::Text state_title(State state) {
  switch (state) {
    case State::draft: return {"草稿", "a draft"};
    case State::approved: return {"已审签", "approved"};
    case State::published: return {"已发布", "published"};
    case State::withdrawn: return {"已撤回", "withdrawn"};
    case State::none: break;
  }
  return {"还没有", "not there"};
}

}  // namespace

std::string_view name(State state) {
  constexpr std::string_view names[] = {"none", "draft", "approved", "published", "withdrawn"};
  return names[static_cast<std::size_t>(state)];
}
std::string_view name(Verb verb) { return line_of(verb).code; }
core::Text title(Verb verb) { return line_of(verb).title; }

core::Result<Verb> verb_from(std::string_view code) {
  auto const found = std::ranges::find(table(), code, &Line::code);
  if (found != table().end()) return found->verb;
  return fail(Errc::invalid, "report.verb", {fmt::format("没有操作“{}”。", code), fmt::format("There is no verb \"{}\".", code)}, "verb");
}

Life apply(Life life, Step const& step) {
  auto const found = std::ranges::find(table(), step.kind, &Line::kind);
  if (found == table().end()) return life;
  if (makes_version(step.kind)) life.authors.insert(step.actor);
  life.version = step.version;
  if (found->to != State::none) life.state = found->to;
  life.reason = step.reason;
  return life;
}

core::Result<Step> decide(Life const& life, Verb verb, Who const& who, std::int64_t expected, std::string reason) {
  auto const& line = line_of(verb);
  if (line.by == By::editor ? !who.editor : !who.approver)
    return fail(Errc::forbidden, "report.role",
                {fmt::format("“{}”由{}来做。", line.title.zh, line.by == By::editor ? "报告编辑" : "报告审签人"),
                 fmt::format("\"{}\" is done by a {}.", line.title.en, line.by == By::editor ? "report editor" : "report approver")});
  if (std::ranges::find(line.from, life.state) == line.from.end())
    return fail(Errc::conflict, "report.state",
                {fmt::format("报告现在是“{}”，不能“{}”。请刷新后再看。", state_title(life.state).zh, line.title.zh),
                 fmt::format("The report is {}, so this cannot be done: {}. Load it again.", state_title(life.state).en, line.title.en)}, "verb");
  if (expected != life.version)
    return fail(Errc::conflict, "report.version",
                {fmt::format("您看到的是第 {} 版，现在是第 {} 版。请看过新的一版再定。", expected, life.version),
                 fmt::format("You saw version {}, and now it is version {}. Look at that one first.", expected, life.version)}, "version");
  if (verb == Verb::approve && life.authors.contains(who.ref))
    return fail(Errc::forbidden, "report.approve.own", {"自己起草或写过按语的报告，由别人审签。", "Whoever drafted or commented a report does not approve it."});
  if (needs_reason(verb) && reason.empty())
    return fail(Errc::invalid, "report.reason", {fmt::format("“{}”须写明理由。", line.title.zh), fmt::format("\"{}\" needs a reason.", line.title.en)}, "reason");
  if (reason.size() > reason_bytes_max)
    return fail(Errc::limit, "report.reason.long", {fmt::format("理由最多 {} 字节。", reason_bytes_max), fmt::format("A reason has {} bytes at most.", reason_bytes_max)}, "reason");
  return Step{line.kind, who.ref, life.version + (makes_version(line.kind) ? 1 : 0), std::move(reason)};
}

std::vector<Verb> next(Life const& life, Who const& who) {
  std::vector<Verb> out;
  for (auto const& line : table())
    if (line.verb != Verb::draft && decide(life, line.verb, who, life.version, "x")) out.push_back(line.verb);
  return out;
}

}  // namespace zhili::assure::reports
