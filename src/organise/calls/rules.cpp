#include "organise/calls/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "catalogue/plain_yaml.hpp"
#include "catalogue/values.hpp"
#include "organise/calls/call_back.hpp"

namespace zhili::organise {

namespace {

using catalogue::Node;

class RulesReader {
 public:
  RulesReader(Node const& root, catalogue::Report& report) : root_(root), report_(report) {}

  CallRules read() {
    catalogue::only_known(root_, {"calls", "call_back", "response", "exclusion_reasons", "rates"}, report_);
    out_.version = catalogue::need_text(root_, "calls", report_);
    call_back();
    each(root_.get("response"), [&](Node const& one) {
      catalogue::only_known(one, {"item", "within"}, report_);
      out_.response.push_back({std::string(one.str("item")), limit(one, "within")});
    });
    if (auto const* reasons = root_.get("exclusion_reasons"); reasons && reasons->is_map())
      for (std::size_t i = 0; i < reasons->keys.size(); ++i)
        out_.exclusion_reasons.push_back({reasons->keys[i].text, catalogue::read_text(&reasons->children[i])});
    if (auto const* rates = root_.get("rates"); rates && rates->is_map())
      for (std::size_t i = 0; i < rates->keys.size(); ++i) rate(rates->keys[i].text, rates->children[i]);
    if (out_.rates.empty()) report_.also(root_, "calls.rates", {"缺少 rates", "rates are missing"}, {"参照随程序来的 calls.yaml", "see the calls.yaml that comes with the program"});
    return std::move(out_);
  }

 private:
  template <class Visit>
  static void each(Node const* list, Visit const& visit) {
    if (list && list->is_list())
      for (auto const& one : list->children) visit(one);
  }

  core::Budget limit(Node const& map, char const* key) {
    auto const* found = map.get(key);
    if (!found) {
      catalogue::need_text(map, key, report_);
      return {};
    }
    return catalogue::read_limit(*found, report_).value_or(core::Budget{});
  }

  void call_back() {
    auto const* map = root_.get("call_back");
    if (!map || !map->is_map()) {
      report_.also(root_, "calls.call_back", {"缺少 call_back", "call_back is missing"}, {"写明谁要回访", "say who is called back"});
      return;
    }
    catalogue::only_known(*map, {"share", "within", "attempts", "again_after"}, report_);
    each(map->get("share"), [&](Node const& one) {
      catalogue::only_known(one, {"channel", "item", "share"}, report_);
      CallBackShare line{std::string(one.str("channel")), std::string(one.str("item")), std::strtod(std::string(one.str("share")).c_str(), nullptr)};
      if (one.str("share").empty() || !(line.share >= 0 && line.share <= 1))
        report_.at(one, "calls.share", {"share 要在 0 和 1 之间", "share must be between 0 and 1"}, {"例如 \"0.3\"", "for example \"0.3\""});
      out_.shares.push_back(std::move(line));
    });
    out_.call_back_within = limit(*map, "within");
    out_.again_after = limit(*map, "again_after");
    if (auto const* attempts = map->get("attempts")) out_.attempts_max = catalogue::read_count(*attempts).value_or(out_.attempts_max);
  }

  std::vector<FactWanted> facts(Node const& map, char const* key) {
    constexpr std::string_view negation = "not ";
    std::vector<FactWanted> out;
    each(map.get(key), [&](Node const& one) {
      bool const holds = !one.text.starts_with(negation);
      out.push_back({holds ? one.text : one.text.substr(negation.size()), holds});
      auto const known = call_back_facts();
      if (std::ranges::find(known, out.back().fact) != known.end()) return;
      report_.at(one, "calls.fact", {fmt::format("回访没有“{}”这个事实", one.text), fmt::format("a call-back has no fact “{}”", one.text)},
                 {fmt::format("可用的有：{}", fmt::join(known, ", ")), fmt::format("what may stand here: {}", fmt::join(known, ", "))});
    });
    return out;
  }

  void rate(std::string const& code, Node const& map) {
    catalogue::only_known(map, {"name", "about", "of", "among", "count", "without", "source"}, report_);
    RateDefinition out{.code = code, .name = catalogue::read_text(map.get("name")), .about = catalogue::read_text(map.get("about")),
                       .among = facts(map, "among"), .count = facts(map, "count"), .without = facts(map, "without"),
                       .source = std::string(map.str("source"))};
    if (map.str("of") != "call_backs" || out.among.empty() || out.count.empty() || out.source.empty())
      report_.also(map, "calls.rate", {"要写明 of: call_backs、among、count 和 source", "of: call_backs, among, count and source must be given"},
                   {"例如 among: [reached]，count: [solved]", "for example among: [reached], count: [solved]"});
    out_.rates.push_back(std::move(out));
  }

  Node const& root_;
  catalogue::Report& report_;
  CallRules out_;
};

}  // namespace

RateDefinition const* CallRules::rate(std::string_view code) const {
  auto const found = std::ranges::find(rates, code, &RateDefinition::code);
  return found == rates.end() ? nullptr : &*found;
}

NamedReason const* CallRules::reason(std::string_view code) const {
  auto const found = std::ranges::find(exclusion_reasons, code, &NamedReason::code);
  return found == exclusion_reasons.end() ? nullptr : &*found;
}

core::Result<CallRules> read_call_rules(std::filesystem::path const& file) {
  ZHILI_TRY(auto read, catalogue::read_plain(file));
  ZHILI_CHECK(catalogue::as_error(file, read.findings));
  catalogue::Report report(read.findings);
  auto out = RulesReader(read.root, report).read();
  ZHILI_CHECK(catalogue::as_error(file, read.findings));
  return out;
}

}  // namespace zhili::organise
