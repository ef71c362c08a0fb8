#pragma once
// Inside of alarms: rows, and the finding as a row keeps it.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "respond/alarms/alarm.hpp"
#include "store/db.hpp"

namespace zhili::respond::alarms {

/// JSON.
std::string finding_text(Finding const& finding);
/// Errors: corrupt.
core::Result<Finding> finding_from(std::string_view text);

/// What follows by itself; stored.
enum class DueKind : std::uint8_t { follow = 1, suppression_ends = 2 };

/// Columns of `alarm` in the order in which visit_rows() reads them, after SELECT.
extern std::string_view const row_columns;
/// Runs `SELECT row_columns …` and hands over each row. Errors: corrupt.
core::Result<> visit_rows(store::Reader& reader, std::string const& sql, std::vector<store::Value> const& args, std::function<void(AlarmState)> const& visit);

/// The row of an alarm: a new one, or one that is there.
void insert_row(store::Writer& writer, AlarmState const& state);
void update_row(store::Writer& writer, AlarmState const& state);
/// What is due of one kind for these alarms, now or later than before.
void set_due(store::Writer& writer, std::vector<Id> const& alarms, DueKind kind, core::Instant at);

/// Whether its report and case have something to do.
bool has_follow_up(AlarmState const& state);

}  // namespace zhili::respond::alarms
