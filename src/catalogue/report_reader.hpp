#pragma once
// The section `reports` of a pack.

#include <string_view>
#include <vector>

#include "catalogue/report.hpp"
#include "catalogue/indicators.hpp"
#include "catalogue/report_template.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// Findings: a text with a brace that says nothing, a block that lacks a part.
ReportTemplate read_report(Node const& key, Node const& node, Report& report);

/// Findings: a figure that is neither a count nor an indicator of this pack or of those below, or one that is not public: a
/// report may be published.
void check_report(Node const& node, std::vector<Indicator const*> const& known, Report& report);

/// A text cut at its braces. `bad(piece)` is told each brace that names nothing, without its braces. Never throws. Fuzzed.
template <class Bad>
std::vector<TextPiece> cut_text(std::string_view text, Bad&& bad);

/// What stands between two braces; nothing where it names nothing.
std::optional<TextPiece> read_brace(std::string_view inside);

template <class Bad>
std::vector<TextPiece> cut_text(std::string_view text, Bad&& bad) {
  std::vector<TextPiece> out;
  while (!text.empty()) {
    auto const open = text.find('{');
    if (open != 0) out.push_back({.words = std::string(text.substr(0, open))});
    if (open == std::string_view::npos) break;
    text.remove_prefix(open + 1);
    auto const close = text.find('}');
    auto const inside = text.substr(0, close);
    auto piece = close == std::string_view::npos ? std::nullopt : read_brace(inside);
    if (piece) out.push_back(std::move(*piece));
    else bad(inside);
    text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
  }
  return out;
}

}  // namespace zhili::catalogue
