// What happened to a hotline's orders, in its own form.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>
#include <optional>

#include "app/hotline/hotline.hpp"
#include "respond/cases/codec.hpp"
#include "respond/number.hpp"
#include "respond/signals/signal.hpp"
#include "sheet/sheet.hpp"
#include "store/ledger.hpp"

namespace zhili::app {

namespace {

using core::EventKind;

struct Reply {
  std::string number;
  std::string state;  ///< "taken", "registered", …
  core::Instant at{};
  std::string department = {};
  std::string words = {};
  std::int64_t signal = 0;
};

/// The state that an entry leads to for those outside; empty: they are not told.
std::string_view state_after(EventKind kind) {
  switch (kind) {
    case EventKind::hotline_order_taken: return "taken";
    case EventKind::signal_registered:
    case EventKind::signal_merged: return "registered";
    case EventKind::signal_rejected: return "rejected";
    case EventKind::signal_split:
    case EventKind::signal_appeal_decided: return "taken";  // it waits again, unless said otherwise below
    case EventKind::case_closed:
    case EventKind::case_force_closed: return "closed";
    case EventKind::case_reopened: return "reopened";
    default: return {};
  }
}

bool of_case(EventKind kind) { return kind == EventKind::case_closed || kind == EventKind::case_force_closed || kind == EventKind::case_reopened; }

class Follower {
 public:
  Follower(store::Reader& reader, HotlineProfile const& profile, catalogue::Installation const& installation)
      : reader_(reader), profile_(profile), installation_(installation) {}

  void add(store::Recorded const& entry, std::vector<Reply>& out) {
    auto const state = told_state(entry);
    if (state.empty() || !profile_.states.contains(state)) return;
    Reply reply{.number = {}, .state = std::string(state), .at = entry.happened.value_or(entry.at)};
    auto const take = [&](std::string number, std::int64_t signal) {
      reply.number = std::move(number);
      reply.signal = signal;
      out.push_back(reply);
    };
    if (!of_case(entry.kind)) {
      auto const number = reader_.value<std::string>("SELECT number FROM hotline_order WHERE signal_id = ? AND hotline = ?", entry.subject, profile_.name);
      if (!number) return;
      if (auto const event = respond::decode_signal(entry.kind, entry.at, entry.actor, entry.payload); event && state == "rejected") reply.words = event->reason;
      return take(*number, entry.subject);
    }
    auto const orders = reader_.rows<std::string, std::int64_t>(
        "SELECT o.number, o.signal_id FROM casefile c JOIN signal s ON s.incident_id = c.incident_id JOIN hotline_order o ON o.signal_id = s.id "
        "WHERE c.id = ? AND o.hotline = ? ORDER BY o.number", entry.subject, profile_.name);
    if (orders.empty()) return;
    if (auto const event = respond::decode(entry.kind, entry.at, entry.actor, entry.payload)) reply.words = event->reason;
    reply.department = department_of(entry.subject);
    for (auto const& [number, signal] : orders) take(number, signal);
  }

 private:
  std::string_view told_state(store::Recorded const& entry) {
    if (entry.kind == EventKind::signal_appeal_decided) {
      auto const event = respond::decode_signal(entry.kind, entry.at, entry.actor, entry.payload);
      return event && event->upheld ? state_after(entry.kind) : std::string_view();
    }
    bool const began_a_case = entry.kind == EventKind::signal_split &&
                              reader_.value<std::int64_t>("SELECT 1 FROM ledger WHERE subject = ? AND kind = ? AND seq < ? LIMIT 1", entry.subject,
                                                          EventKind::signal_registered, entry.seq).has_value();
    return began_a_case ? "registered" : state_after(entry.kind);
  }

  std::string department_of(std::int64_t case_id) {
    auto const code = reader_.value<std::string>("SELECT department FROM casefile WHERE id = ? AND department IS NOT NULL", case_id);
    auto const* department = code ? installation_.department(*code) : nullptr;
    return department ? department->name.zh : code.value_or("");
  }

  store::Reader& reader_;
  HotlineProfile const& profile_;
  catalogue::Installation const& installation_;
};

std::string written(core::Instant at, std::string form, core::Zone const& zone) {
  auto const c = zone.civil(at);
  std::pair<std::string_view, std::string> const parts[] = {{"YYYY", fmt::format("{:04}", c.year)},          {"MM", fmt::format("{:02}", c.month)},
                                                            {"DD", fmt::format("{:02}", c.day)},            {"hh", fmt::format("{:02}", c.second / 3600)},
                                                            {"mm", fmt::format("{:02}", c.second / 60 % 60)}, {"ss", fmt::format("{:02}", c.second % 60)}};
  for (auto const& [letters, digits] : parts)
    if (auto const at_letters = form.find(letters); at_letters != std::string::npos) form.replace(at_letters, letters.size(), digits);
  return form;
}

}  // namespace

core::Result<HotlineReplies> Hotlines::replies(std::string_view hotline, store::Seq after) {
  ZHILI_TRY(auto const* profile_of, profile(hotline));
  HotlineReplies out{.text = {}, .next = after};
  std::vector<Reply> all;
  std::map<std::int64_t, core::Instant> received;
  ZHILI_CHECK(db_.read([&](store::Reader& reader) {
    Follower follower(reader, *profile_of, installation_);
    constexpr std::size_t step = 1'000;
    std::size_t walked = 0;
    for (;;) {
      auto const entries = store::entries_after(reader, out.next, step);
      for (auto const& entry : entries) {
        follower.add(entry, all);
        out.next = entry.seq;
        if (all.size() >= hotline_replies_max) break;
      }
      walked += entries.size();
      out.more = all.size() >= hotline_replies_max || walked >= hotline_entries_per_answer;
      if (out.more || entries.size() < step) break;
    }
    for (auto const& one : all)
      if (!received.contains(one.signal))
        received[one.signal] = core::from_ms(reader.value<std::int64_t>("SELECT received_at FROM signal WHERE id = ?", one.signal).value_or(0));
  }));
  out.count = all.size();
  auto const value = [&](Reply const& reply, std::string const& field) -> std::string {
    if (field == "number") return reply.number;
    if (field == "state") return profile_of->states.find(reply.state)->second;
    if (field == "at") return written(reply.at, profile_of->time_format, zone_);
    if (field == "department") return reply.department;
    if (field == "words") return reply.words;
    return respond::public_number(installation_.prefix, reply.signal, received[reply.signal], zone_);
  };
  if (profile_of->format == HotlineProfile::Format::json) {
    boost::json::array list;
    for (auto const& reply : all) {
      boost::json::object one;
      for (auto const& [column, field] : profile_of->replies) one[column] = value(reply, field);
      list.push_back(std::move(one));
    }
    out.text = boost::json::serialize(list);
    out.json = true;
    return out;
  }
  sheet::Sheet table{.name = profile_of->name, .columns = {}, .rows = {}};
  for (auto const& [column, field] : profile_of->replies) table.columns.push_back({.title = column});
  for (auto const& reply : all) {
    std::vector<sheet::Value> row;
    for (auto const& [column, field] : profile_of->replies) row.emplace_back(value(reply, field));
    table.rows.push_back(std::move(row));
  }
  out.text = sheet::csv(table);
  return out;
}

}  // namespace zhili::app
