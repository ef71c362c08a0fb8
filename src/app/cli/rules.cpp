// Verbs for rules. What they would find is asked of the serving process, which has the history; a folder of a pack is checked without one.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>

#include "app/cli/verbs.hpp"
#include "app/control.hpp"
#include "catalogue/finding.hpp"
#include "catalogue/pack.hpp"
#include "catalogue/rules/reader.hpp"

namespace zhili::app {

namespace {

namespace language = catalogue::rules;

core::Result<boost::json::value> ask_about_rules(RuleOptions const& options, ControlRequest const& request) {
  auto const answer = Control::ask(options.common.data, request);
  if (!answer)
    return core::fail(core::Errc::unavailable, "rules.not_served",
                      {fmt::format("{} 没有进程在服务。请先 zhili serve。", options.common.data), fmt::format("No process serves {}: start zhili serve first.", options.common.data)}, "--data");
  if (!*answer) return core::fail(answer->error());
  boost::system::error_code error;
  auto parsed = boost::json::parse(**answer, error);
  if (!error) return parsed;
  return core::fail(core::Errc::internal, "rules.answer", {"正在运行的进程答得不对。", "The serving process gave an answer that cannot be read."});
}

std::string field_of(boost::json::object const& o, std::string_view key) {
  auto const& value = o.at(key);
  return value.is_string() ? std::string(value.as_string()) : boost::json::serialize(value);
}

std::string in_words(boost::json::value const& text, core::Lang lang) { return text.is_object() ? field_of(text.as_object(), lang == core::Lang::zh ? "zh" : "en") : std::string(); }

/// A rule as it was understood: every parenthesis, every unit.
void print_understood(language::Rule const& rule, core::Lang lang) {
  fmt::print("{}  {}  {}\n", rule.id, language::name(rule.severity), core::in(lang, rule.name));
  auto const line = [&](std::string_view key, language::Expr const& expr) { fmt::print("  {:<9}{}\n", std::string(key) + ":", language::words_of(expr, rule)); };
  if (rule.during) line("during", *rule.during);
  line("raise", rule.raise);
  for (auto const& step : rule.escalations) line(language::name(step.to), step.when);
  line("clear", rule.clear);
  if (rule.fault) line("fault", *rule.fault);
}

bool is_of_rule(catalogue::Finding const& finding) { return finding.key.starts_with("rule."); }

/// Gives how many mistakes it has.
core::Result<std::size_t> check_rules_of(std::string const& folder, core::Lang lang) {
  auto found = catalogue::check_pack(folder);
  if (!found.empty()) {
    // Where the pack itself cannot be read its other mistakes stand in the way of the rules.
    if (std::ranges::any_of(found, is_of_rule)) std::erase_if(found, [](auto const& one) { return !is_of_rule(one); });
    fmt::print("{}:\n{}", folder, catalogue::render(found, lang));
    return found.size();
  }
  auto const at = std::filesystem::canonical(folder);
  auto const name = at.filename().string();
  ZHILI_TRY(auto const packs, catalogue::read_catalogue(at.parent_path(), {name}));
  std::vector<catalogue::Finding> none;
  for (auto const& rule : language::read_rules(*packs, none))
    if (rule.pack == name) print_understood(rule, lang);
  return 0;
}

}  // namespace

Exit rules_list(RuleOptions const& options) {
  auto const said = ask_about_rules(options, {"rule_list", {}});
  if (!said) return say_failure(said.error(), options.common.lang);
  for (auto const& one : said->as_array()) {
    auto const& rule = one.as_object();
    fmt::print("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", field_of(rule, "id"), rule.at("armed").as_bool() ? "armed" : "disarmed", field_of(rule, "severity"), field_of(rule, "subjects"), field_of(rule, "raised"), field_of(rule, "at_fault"),
               field_of(rule, "broken"), field_of(rule, "fired_30d"), in_words(rule.at("name"), options.common.lang));
  }
  return Exit::done;
}

Exit rules_check(RuleOptions const& options) {
  std::size_t mistakes = 0;
  for (auto const& folder : options.folders) {
    auto const found = check_rules_of(folder, options.common.lang);
    if (!found) return say_failure(found.error(), options.common.lang);
    mistakes += *found;
  }
  return mistakes == 0 ? Exit::done : Exit::findings;
}

Exit rules_replay(RuleOptions const& options) {
  auto const lang = options.common.lang;
  auto const said = ask_about_rules(options, {"rule_replay", {{"rule", options.rule}, {"from", options.from}, {"to", options.to}}});
  if (!said) return say_failure(said.error(), lang);
  auto const& done = said->as_object();
  for (auto const& one : done.at("times").as_array()) {
    auto const& time = one.as_object();
    fmt::print("{}\t{}\t{}\t{}\t{}\t{}\n", field_of(time, "at"), field_of(time, "until"), field_of(time, "severity"), field_of(time, "subject"), field_of(time, "value"), in_words(time.at("place"), lang));
  }
  auto const word = [&](std::string_view key) { return field_of(done, key); };
  core::Text const sentence{fmt::format("{} 到 {}：会告警 {} 次，涉及 {} 处中的 {} 处；读数 {} 条，设备故障 {} 次。", word("from"), word("to"), word("fired"), word("subjects"), word("concerned"), word("readings"), word("faults")),
                            fmt::format("{} to {}: it would have fired {} times, at {} of {} subjects; {} readings, {} faults of devices.", word("from"), word("to"), word("fired"), word("concerned"), word("subjects"), word("readings"), word("faults"))};
  fmt::print(stderr, "{}\n", core::in(lang, sentence));
  if (word("broken") == "0") return Exit::done;
  auto const why = in_words(done.at("broken_why"), lang);
  fmt::print(stderr, "{}\n", core::in(lang, {fmt::format("在 {} 处出错停下：{}。", word("broken"), why), fmt::format("It stopped at {} subjects: {}.", word("broken"), why)}));
  return Exit::findings;
}

namespace {

Exit choose_armed(RuleOptions const& options, bool armed) {
  auto const said = ask_about_rules(options, {"rule_arm", {{"rule", options.rule}, {"armed", armed ? "yes" : "no"}, {"reason", options.reason}}});
  return said ? Exit::done : say_failure(said.error(), options.common.lang);
}

}  // namespace

Exit rules_arm(RuleOptions const& options) { return choose_armed(options, true); }
Exit rules_disarm(RuleOptions const& options) { return choose_armed(options, false); }

}  // namespace zhili::app
