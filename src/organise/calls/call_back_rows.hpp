#pragma once
// Call-backs as their table keeps them.

#include <string>
#include <string_view>
#include <vector>

#include "organise/calls/call_back.hpp"
#include "store/db.hpp"

namespace zhili::organise {

inline constexpr std::string_view call_back_columns =
    "SELECT id, case_id, signal_id, closing, item, channel, area, department, dispatched_at, contacted_at, response_due_at, closed_at, "
    "due_at, next_at, attempts, state, ended_at, contacted, solved, satisfied, "
    "(SELECT rates FROM call_back_exclusion x WHERE x.call_back_id = call_back.id AND x.state = 2) FROM call_back ";

/// Codes with a blank between them.
std::vector<std::string> codes_of(std::string_view text);

/// Rows of call_back_columns, one by one.
void each_call_back(store::Reader& reader, std::string_view sql, std::vector<store::Value> const& args, std::vector<CallBack>& out);

template <class... Args>
std::vector<CallBack> call_backs_where(store::Reader& reader, std::string_view where, Args const&... args) {
  std::vector<CallBack> out;
  auto const value = [](auto const& arg) -> store::Value {
    if constexpr (std::is_same_v<std::decay_t<decltype(arg)>, core::Instant>) return core::to_ms(arg);
    else return static_cast<std::int64_t>(arg);
  };
  each_call_back(reader, std::string(call_back_columns) + std::string(where), {value(args)...}, out);
  return out;
}

void insert_call_back(store::Writer& writer, CallBack const& it);
/// What an attempt changes.
void update_call_back(store::Writer& writer, CallBack const& it);

}  // namespace zhili::organise
