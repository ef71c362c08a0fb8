#pragma once
// Words of a pack that stand for amounts: "4 work_hours", "150 m", "6 h", "2026-10-01..2026-10-07".

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "catalogue/report.hpp"
#include "core/calendar.hpp"
#include "core/time.hpp"

namespace zhili::catalogue {

/// Each gives nothing, and a finding, where the text is wrong; silently nothing where it is not a scalar (the
/// schema has said so already).
std::optional<core::Budget> read_limit(Node const& node, Report& report);
std::optional<core::Duration> read_span(Node const& node, Report& report);
/// "30 s", "5 min", "6 h", "90 d", "2 a" (a year has 365 days here).
std::optional<core::Duration> read_period(Node const& node, Report& report);
std::optional<std::int32_t> read_metres(Node const& node, Report& report);
std::optional<std::int32_t> read_count(Node const& node);
/// Dates of one entry: one, or all of a span.
std::vector<core::DateRule> read_dates(Node const& node, core::DateRule::Kind kind, Report& report);
std::optional<core::HourSpan> read_hours(Node const& node, Report& report);
core::Text read_text(Node const* node);

/// Leading digits as a number of at most nine digits; the rest of the text is left in `text`.
std::optional<std::int64_t> take_number(std::string_view& text);
bool has_han(std::string_view text);
bool has_latin(std::string_view text);
bool is_blank(std::string_view text);

}  // namespace zhili::catalogue
