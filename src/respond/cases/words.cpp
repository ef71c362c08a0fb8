#include "respond/cases/words.hpp"

namespace zhili::respond {

namespace {

template <class E>
struct Word {
  E value;
  char const* name;
  char const* zh;
  char const* en;
};

constexpr Word<Stage> stages[] = {
    {Stage::none, "none", "—", "–"},
    {Stage::collected, "collected", "已采集", "collected"},
    {Stage::checking, "checking", "核实中", "being checked"},
    {Stage::rejected, "rejected", "不予立案", "rejected"},
    {Stage::merged, "merged", "已合并", "merged"},
    {Stage::registered, "registered", "已立案", "registered"},
    {Stage::dispatched, "dispatched", "已派遣", "dispatched"},
    {Stage::handling, "handling", "处置中", "being handled"},
    {Stage::reported_back, "reported_back", "已反馈", "reported back"},
    {Stage::verifying, "verifying", "核查中", "being verified"},
    {Stage::verified, "verified", "核查通过", "verified"},
    {Stage::closed, "closed", "已结案", "closed"},
    {Stage::evaluated, "evaluated", "已评价", "evaluated"},
    {Stage::archived, "archived", "已归档", "archived"},
    {Stage::suspended, "suspended", "挂账", "suspended"},
};

constexpr Word<Role> roles[] = {
    {Role::citizen, "citizen", "市民", "resident"},
    {Role::collector, "collector", "采集员", "collector"},
    {Role::acceptor, "acceptor", "受理员", "acceptor"},
    {Role::dispatcher, "dispatcher", "派遣员", "dispatcher"},
    {Role::dispatcher_lead, "dispatcher_lead", "值班长", "dispatcher's lead"},
    {Role::handler, "handler", "处置人员", "handler"},
    {Role::handler_lead, "handler_lead", "处置部门负责人", "handler's lead"},
    {Role::verifier, "verifier", "核查员", "verifier"},
    {Role::supervisor, "supervisor", "督查员", "supervisor"},
    {Role::evaluator, "evaluator", "考评员", "evaluator"},
    {Role::system, "system", "系统", "system"},
    {Role::importer, "import", "导入", "import"},
};

constexpr Word<Verb> verbs[] = {
    {Verb::collect, "collect", "采集", "collect"},
    {Verb::ask_check, "ask_check", "要求核实", "ask for a check"},
    {Verb::check, "check", "核实", "check"},
    {Verb::register_case, "register", "立案", "register"},
    {Verb::reject, "reject", "不予立案", "reject"},
    {Verb::join, "join", "合并", "join"},
    {Verb::split, "split", "拆分", "split"},
    {Verb::tell_apart, "tell_apart", "不是同一件事", "say that they are not the same"},
    {Verb::release, "release", "公开", "release"},
    {Verb::appeal_rejection, "appeal_rejection", "申诉不予立案", "appeal against the rejection"},
    {Verb::decide_rejection, "decide_rejection", "裁定申诉", "decide the appeal"},
    {Verb::appeal_release, "appeal_release", "对未公开的内容申诉", "appeal against what is withheld"},
    {Verb::decide_release, "decide_release", "裁定公开申诉", "decide the appeal about what is withheld"},
    {Verb::archive_signal, "archive_signal", "归档", "archive"},
    {Verb::dispatch, "dispatch", "派遣", "dispatch"},
    {Verb::handle_on_spot, "handle_on_spot", "自行处置", "handle on the spot"},
    {Verb::give_back, "return", "回退", "return"},
    {Verb::settle, "settle", "兜底定责", "settle the dispute"},
    {Verb::take, "take", "接单", "take"},
    {Verb::hand_over, "hand_over", "转交", "hand over"},
    {Verb::add_joint, "add_joint", "增加协办", "add a joint department"},
    {Verb::finish_joint, "finish_joint", "协办完成", "finish the joint part"},
    {Verb::ask_extension, "ask_extension", "申请延期", "ask for an extension"},
    {Verb::ask_suspension, "ask_suspension", "申请挂账", "ask for a suspension"},
    {Verb::grant, "grant", "同意", "grant"},
    {Verb::refuse, "refuse", "不同意", "refuse"},
    {Verb::resume, "resume", "恢复办理", "resume"},
    {Verb::report_back, "report_back", "反馈", "report back"},
    {Verb::send_to_verify, "send_to_verify", "发起核查", "send for verification"},
    {Verb::pass, "pass", "核查通过", "pass"},
    {Verb::fail, "fail", "核查不通过（返工）", "fail (rework)"},
    {Verb::unable, "unable", "无法核查", "unable to verify"},
    {Verb::close, "close", "结案", "close"},
    {Verb::force_close, "force_close", "强制结案", "force close"},
    {Verb::reopen, "reopen", "重开", "reopen"},
    {Verb::supervise, "supervise", "督办", "supervise"},
    {Verb::reply, "reply", "督办回复", "reply to the supervision"},
    {Verb::rate, "rate", "评价", "rate"},
    {Verb::evaluate, "evaluate", "综合评价", "evaluate"},
    {Verb::appeal, "appeal", "申诉", "appeal"},
    {Verb::decide_appeal, "decide_appeal", "裁定申诉", "decide the appeal"},
    {Verb::archive, "archive", "归档", "archive"},
    {Verb::record, "record", "补录历史", "record"},
    {Verb::adopt, "adopt", "接管", "adopt"},
    {Verb::expire, "expire", "时限到期", "say that time ran out"},
    {Verb::reproject, "reproject", "重算时限", "count the clocks again"},
    {Verb::hear_alarm, "hear_alarm", "得知告警变化", "hear of its alarm"},
};
static_assert(std::size(verbs) == verb_count);
static_assert(std::size(stages) == all_stages.size());
static_assert(std::size(roles) == all_roles.size());

template <class E, std::size_t n>
Word<E> const& word_of(Word<E> const (&words)[n], E value) {
  for (auto const& word : words)
    if (word.value == value) return word;
  return words[0];
}

template <class E, std::size_t n>
core::Result<E> value_of(Word<E> const (&words)[n], std::string_view name, char const* key,
                         core::Text const& what) {
  std::string known;
  for (auto const& word : words) {
    if (word.name == name) return word.value;
    known += known.empty() ? word.name : std::string(", ") + word.name;
  }
  auto const shown = std::string(name.substr(0, 60));
  return core::fail(core::Errc::invalid, key,
                    {"没有名为“" + shown + "”的" + what.zh + "。可用：" + known + "。",
                     "There is no " + what.en + " \"" + shown + "\". Use one of: " + known + "."});
}

}  // namespace

std::string_view name(Stage stage) {
  return word_of(stages, stage).name;
}
core::Text title(Stage stage) {
  return {word_of(stages, stage).zh, word_of(stages, stage).en};
}
core::Result<Stage> stage_from(std::string_view text) {
  return value_of(stages, text, "stage.unknown", {"环节", "stage"});
}

std::string_view name(Role role) {
  return word_of(roles, role).name;
}
core::Text title(Role role) {
  return {word_of(roles, role).zh, word_of(roles, role).en};
}
core::Result<Role> role_from(std::string_view text) {
  return value_of(roles, text, "role.unknown", {"角色", "role"});
}

std::string_view name(Verb verb) {
  return word_of(verbs, verb).name;
}
core::Text title(Verb verb) {
  return {word_of(verbs, verb).zh, word_of(verbs, verb).en};
}
core::Result<Verb> verb_from(std::string_view text) {
  return value_of(verbs, text, "verb.unknown", {"操作", "command"});
}

}  // namespace zhili::respond
