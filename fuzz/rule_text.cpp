// Whatever a rule says, it is refused with findings that say where and how to mend it, or it is sound: it says the same again when it is written down with all
// its parentheses, it compiles, and no readings make the engine do anything but find or stop.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "catalogue/rules/parser.hpp"
#include "catalogue/rules/rules_test_kit.hpp"
#include "catalogue/schema.hpp"
#include "respond/rules/engine.hpp"

namespace {

using namespace zhili;
namespace language = catalogue::rules;
namespace rules = respond::rules;

constexpr std::int64_t begin_ms = 1'780'243'200'000;
constexpr std::int64_t most_ms_between = 3'600'000;

void need(bool holds) {
  if (!holds) std::abort();
}

void check_words(core::Text const& text) { need(!text.zh.empty() && !text.en.empty()); }

language::test::Things const& town() {
  static language::test::Things const things;
  return things;
}

/// Readings of the rule's properties with times, values, kinds and flags out of the bytes.
void run(language::Rule const& rule, std::string_view bytes) {
  std::vector<rules::StreamOf> streams;
  for (auto const& watched : rule.watch)
    for (int i = 0; i < (rule.scope == language::Scope::place ? 2 : 1); ++i)
      streams.push_back({.stream = static_cast<std::int64_t>(streams.size()) + 1, .thing = 1, .place = "p", .property = watched.property, .device_type = rule.of.empty() ? "" : rule.of[0]});
  auto instances = rules::instances_of(std::span(&rule, 1), streams);
  if (instances.empty()) return;
  rules::Knowledge const knowledge{.usual = [](rules::Subject const&, std::string_view, double) { return std::optional(std::array<double, 24>{1, 2, 3}); }};
  auto engine = rules::Engine::make({rule}, instances, knowledge);
  if (!engine) return check_words(engine.error().text);
  std::int64_t now = begin_ms, position = 0;
  while (bytes.size() >= 12) {
    double value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    auto const byte = [&](std::size_t i) { return static_cast<std::int64_t>(static_cast<unsigned char>(bytes[i])); };
    now += (byte(8) << 8 | byte(9)) * most_ms_between / 65'536;
    (*engine)->take({.position = ++position, .received = core::from_ms(now),
                     .readings = {{.stream = 1 + byte(10) % static_cast<std::int64_t>(streams.size()), .at_ms = now - (byte(11) >> 3) * 1'000, .value = value, .type = byte(11) & 4 ? rules::ValueType::number : byte(11) & 2 ? rules::ValueType::truth : rules::ValueType::text,
                                   .quality = static_cast<rules::Quality>(byte(11) & 1 ? rules::spike : 0)}}});
    bytes.remove_prefix(12);
  }
  (*engine)->advance(core::from_ms(now + 40LL * 86'400'000));
  std::uint32_t last = 0;
  bool raised = false;
  for (auto const& one : (*engine)->found()) {
    need(one.sequence == ++last && std::isfinite(one.value) && one.source < instances[0].sources.size() && one.at_ms <= now + 40LL * 86'400'000);
    if (one.kind == rules::TransitionKind::raise || one.kind == rules::TransitionKind::clear) {
      need(raised == (one.kind == rules::TransitionKind::clear));
      raised = !raised;
    }
  }
  need(raised == (*engine)->is_raised(0));
  need((*engine)->broken(0) != rules::Broken::internal);
  std::string state;
  (*engine)->save(0, state);
  need((*engine)->load(0, state, position));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const all(reinterpret_cast<char const*>(data), size);
  // Text of the rule, and behind a zero the readings.
  auto const text = all.substr(0, all.find('\0'));
  auto const condition = language::parse_condition(text, {1, 1});
  if (!condition) {
    check_words(condition.error().what);
    check_words(condition.error().mend);
    need(condition.error().at.line == 1 && condition.error().at.column >= 1 && std::string_view(condition.error().key).starts_with("rule."));
  }
  std::vector<catalogue::Finding> findings;
  auto const rule = town().read(text, findings);
  need(rule.has_value() || !findings.empty() || text.empty());
  need(findings.size() <= catalogue::max_findings + 1);
  for (auto const& one : findings) {
    check_words(one.what);
    check_words(one.mend);
    need(one.line >= 0 && !one.key.empty());
  }
  if (rule) run(*rule, all.substr(std::min(all.size(), text.size() + 1)));
  // The bytes of a state may be anything.
  rules::Engine::glimpse(all);
  return 0;
}
