#include "organise/calls/call_back_rows.hpp"

#include <optional>
#include <ranges>

namespace zhili::organise {

namespace {

std::optional<core::Instant> instant(std::optional<std::int64_t> ms) { return ms ? std::optional(core::from_ms(*ms)) : std::nullopt; }

}  // namespace

std::vector<std::string> codes_of(std::string_view text) {
  std::vector<std::string> out;
  for (auto const code : std::views::split(text, ' '))
    if (!code.empty()) out.emplace_back(code.begin(), code.end());
  return out;
}

void each_call_back(store::Reader& reader, std::string_view sql, std::vector<store::Value> const& args, std::vector<CallBack>& out) {
  using Integer = std::int64_t;
  using Maybe = std::optional<std::int64_t>;
  using Text = std::string;
  reader.each<Integer, Integer, Integer, Integer, Text, Text, Text, Text, Maybe, Maybe, Maybe, Integer, Integer, Integer, Integer, Integer, Maybe,
              Integer, Integer, Integer, std::optional<Text>>(
      sql,
      [&](Integer id, Integer case_id, Integer signal, Integer closing, Text item, Text channel, Text area, Text department, Maybe dispatched,
          Maybe contacted_at, Maybe response_due, Integer closed, Integer due, Integer next, Integer attempts, Integer state, Maybe ended,
          Integer contacted, Integer solved, Integer satisfied, std::optional<Text> excluded) {
        out.push_back({.id = id, .case_id = case_id, .signal_id = signal, .closing = closing, .item = std::move(item),
                       .channel = std::move(channel), .area = std::move(area), .department = std::move(department),
                       .dispatched_at = instant(dispatched), .contacted_at = instant(contacted_at), .response_due_at = instant(response_due),
                       .closed_at = core::from_ms(closed), .due_at = core::from_ms(due), .next_at = core::from_ms(next),
                       .attempts = static_cast<int>(attempts), .state = static_cast<CallBackState>(state), .ended_at = instant(ended),
                       .contacted = static_cast<Answer>(contacted), .solved = static_cast<Answer>(solved),
                       .satisfied = static_cast<int>(satisfied), .excluded_from = codes_of(excluded.value_or(""))});
      },
      args);
}

void insert_call_back(store::Writer& w, CallBack const& it) {
  w.exec("INSERT INTO call_back (id, case_id, signal_id, closing, item, channel, area, department, dispatched_at, contacted_at, "
         "response_due_at, closed_at, due_at, next_at, attempts, state, ended_at, contacted, solved, satisfied) "
         "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,?,NULL,0,0,0)",
         it.id, it.case_id, it.signal_id, it.closing, it.item, it.channel, it.area, it.department, it.dispatched_at, it.contacted_at,
         it.response_due_at, it.closed_at, it.due_at, it.next_at, it.state);
}

void update_call_back(store::Writer& w, CallBack const& it) {
  w.exec("UPDATE call_back SET next_at = ?, attempts = ?, state = ?, ended_at = ?, contacted = ?, solved = ?, satisfied = ? WHERE id = ?",
         it.next_at, it.attempts, it.state, it.ended_at, it.contacted, it.solved, it.satisfied, it.id);
}

}  // namespace zhili::organise
