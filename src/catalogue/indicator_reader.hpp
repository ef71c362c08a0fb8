#pragma once
// Indicators and scores of a pack, from its files.

#include "catalogue/report.hpp"
#include "catalogue/types.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// Findings for words that are no fact or quantity, facts of the other cohort, and a fact that is asked for and excluded.
Indicator read_indicator(Node const& key, Node const& node, Report& report);
Score read_score(Node const& key, Node const& node, Report& report);

/// Findings for parts of a score that name no indicator of this pack or of those below.
void check_score(Node const& node, Score const& score, std::vector<Indicator const*> const& known, Report& report);

}  // namespace zhili::catalogue
