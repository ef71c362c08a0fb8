#pragma once
// Inside of rules: what a rule says beside its conditions.

#include <optional>

#include "catalogue/report.hpp"
#include "catalogue/rule_source.hpp"
#include "catalogue/rules/rule.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue::rules {

/// Each tells a finding where the text is wrong.
std::optional<core::Duration> read_duration(Node const& node, Report& report);
Flap read_flap(Node const& node, Report& report);
Ignored read_ignored(Node const& node, Report& report);
std::optional<Parameter> read_parameter(Node const& key, Node const& node, Report& report);
core::Text read_says(RuleSource const& source, Node const* node, Report& report);

}  // namespace zhili::catalogue::rules
