#pragma once
// A report as staff see it, with what everybody may not see yet.

#include <boost/json/fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "respond/signals/desk.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

struct SignalLine {
  respond::SignalState state;
  std::optional<std::int64_t> area;
};

/// Errors: not_found.
core::Result<SignalLine> signal_of(store::Reader& reader, std::string_view no, PeopleParts const& parts);
core::Result<SignalLine> signal_of(store::Reader& reader, respond::Id id);

/// The report as it came; not what its reporter gave as contact. Errors: corrupt.
core::Result<boost::json::object> report_json(store::Reader& reader, SignalLine const& line, PeopleParts const& parts);

/// What report_json() makes: fields for a record that may have more.
std::vector<Field> report_fields();

/// Whether the caller may see it before it is released. Errors: those of loading its case.
core::Result<bool> may_read(store::Reader& reader, Caller const& caller, SignalLine const& line, PeopleParts const& parts);

}  // namespace zhili::web
