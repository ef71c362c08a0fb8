#pragma once
// From the section `rules:` of a pack to rules that are sound, or to findings that say what is wrong and how to mend it.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "catalogue/device_type.hpp"
#include "catalogue/finding.hpp"
#include "catalogue/rule_source.hpp"
#include "catalogue/rules/rule.hpp"

namespace zhili::catalogue::rules {

/// What a rule may name.
struct Vocabulary {
  std::vector<ObservedPropertyDef const*> properties = {};
  std::vector<DeviceType const*> types = {};
  /// Whether there is such an item, and such a condition of it (empty: any). Null: not asked.
  std::function<bool(std::string_view item, std::string_view condition)> opens = {};

  ObservedPropertyDef const* property(std::string_view id) const;
  DeviceType const* type(std::string_view id) const;
};

/// Reads one rule. Nothing, and at least one finding, where it is not sound; each condition tells its first mistake. Never throws; bounded
/// by the limits of rule.hpp. Fuzzed.
std::optional<Rule> read_rule(RuleSource const& source, Vocabulary const& vocabulary, std::vector<Finding>& findings);

/// The rules of all packs in force. One that is not sound any more (a pack that was kept before the language changed) is left out, with
/// its findings.
std::vector<Rule> read_rules(Catalogue const& catalogue, std::vector<Finding>& findings);

}  // namespace zhili::catalogue::rules
