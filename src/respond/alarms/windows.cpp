#include "respond/alarms/windows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "respond/alarms/desk.hpp"
#include "respond/alarms/inside.hpp"
#include "respond/payload.hpp"

namespace zhili::respond::alarms {

namespace {

using core::Errc;
using core::EventKind;
using core::fail;

constexpr std::string_view window_columns = "SELECT id, thing, place, rule, device_type, area, begins_at, ends_at, reason, made_by, begun, finished FROM maintenance";

std::vector<Window> windows_read(store::Reader& reader, std::string const& where, std::vector<store::Value> const& args) {
  std::vector<Window> out;
  using I = std::int64_t;
  using S = std::string;
  reader.each<I, I, S, S, S, S, I, I, S, S, I, I>(
      fmt::format("{} {}", window_columns, where),
      [&](I id, I thing, S place, S rule, S type, S area, I begins, I ends, S reason, S by, I begun, I over) {
        out.push_back({.id = id, .scope = {.thing = thing, .place = std::move(place), .rule = std::move(rule), .device_type = std::move(type), .area = std::move(area)},
                       .begins = core::from_ms(begins), .ends = core::from_ms(ends), .reason = std::move(reason), .by = std::move(by), .begun = begun != 0, .over = over != 0});
      },
      args);
  return out;
}

std::string window_payload(Window const& window) {
  boost::json::object out;
  put(out, "thing", window.scope.thing);
  put(out, "place", window.scope.place);
  put(out, "rule", window.scope.rule);
  put(out, "type", window.scope.device_type);
  put(out, "area", window.scope.area);
  out["begins"] = core::to_ms(window.begins);
  out["ends"] = core::to_ms(window.ends);
  put(out, "reason", window.reason);
  return boost::json::serialize(out);
}

tl::unexpected<core::Error> no_window(std::int64_t id) {
  return fail(Errc::not_found, "maintenance.unknown", {fmt::format("没有编号为 {} 的维护时段。", id), fmt::format("There is no maintenance window {}.", id)}, "id");
}

core::Result<> window_text(std::string_view text, std::size_t bytes_max, char const* field) {
  if (text.size() <= bytes_max && text.find('\0') == std::string_view::npos) return {};
  return fail(Errc::limit, "maintenance.length", {fmt::format("“{}”太长，请缩短。", field), fmt::format("\"{}\" is too long. Shorten it.", field)}, field);
}

}  // namespace

bool Scope::fits(Kind kind, std::string const& of_rule, Finding const& finding) const {
  if (thing != 0 && thing != finding.thing) return false;
  if (!place.empty() && place != finding.where.place) return false;
  if (!device_type.empty() && device_type != finding.where.device_type) return false;
  if (!finding.where.area.starts_with(area)) return false;
  return rule.empty() || (kind == Kind::fault ? rule == fault_rule : rule == of_rule);
}

core::Result<> check(Window const& wanted, core::Instant now) {
  constexpr std::size_t bytes_of_character = 4;
  auto const& scope = wanted.scope;
  if (scope.thing == 0 && scope.place.empty() && scope.rule.empty() && scope.device_type.empty())
    return fail(Errc::invalid, "maintenance.scope",
                {"请写明是哪件物、哪个地点、哪条规则或哪类设备，至少一项。", "Say for which thing, place, rule or type of device: one of them at least."}, "thing");
  for (auto const& [text, field] : {std::pair{&scope.place, "place"}, {&scope.rule, "rule"}, {&scope.device_type, "type"}, {&scope.area, "area"}})
    ZHILI_CHECK(window_text(*text, alarm_ref_chars_max * bytes_of_character, field));
  ZHILI_CHECK(window_text(wanted.reason, alarm_reason_chars_max * bytes_of_character, "reason"));
  if (wanted.reason.empty()) return fail(Errc::invalid, "maintenance.reason", {"请写明为什么维护。", "Say what the maintenance is for."}, "reason");
  if (wanted.ends <= wanted.begins || wanted.ends <= now)
    return fail(Errc::invalid, "maintenance.ends", {"结束要晚于开始，也要晚于现在。", "It ends after it begins, and after now."}, "ends");
  if (wanted.ends - wanted.begins > suppression_max) {
    auto const days = std::chrono::duration_cast<std::chrono::days>(suppression_max).count();
    return fail(Errc::limit, "maintenance.ends", {fmt::format("一个维护时段最长 {} 天。", days), fmt::format("A maintenance window is {} days long at most.", days)}, "ends");
  }
  return {};
}

std::optional<Suppression> suppressed_by(std::vector<Window> const& open, Kind kind, std::string const& rule, Finding const& finding, core::Instant now) {
  std::optional<Suppression> out;
  for (auto const& window : open) {
    if (window.over || now < window.begins || window.ends <= now || !window.scope.fits(kind, rule, finding)) continue;
    if (!out || out->until < window.ends) out = Suppression{window.ends, window.id};
  }
  return out;
}

std::vector<Window> open_windows(store::Reader& reader) { return windows_read(reader, "WHERE finished = 0 ORDER BY begins_at, id", {}); }

std::vector<Window> list_windows(store::Reader& reader, std::int64_t before, bool with_past, std::size_t limit) {
  auto const below = before == 0 ? std::numeric_limits<std::int64_t>::max() : before;
  return windows_read(reader, with_past ? "WHERE id < ? ORDER BY id DESC LIMIT ?" : "WHERE finished = 0 AND id < ? ORDER BY id DESC LIMIT ?",
                      {below, static_cast<std::int64_t>(limit)});
}

std::optional<Window> find_window(store::Reader& reader, std::int64_t id) {
  auto found = windows_read(reader, "WHERE id = ?", {id});
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

core::Result<std::int64_t> AlarmDesk::set_window(store::Writer& w, Window wanted) {
  ZHILI_CHECK(check(wanted, w.now()));
  auto const open = w.value<std::int64_t>("SELECT count(*) FROM maintenance WHERE finished = 0").value_or(0);
  if (static_cast<std::size_t>(open) >= windows_open_max)
    return fail(Errc::limit, "maintenance.open",
                {fmt::format("还没结束的维护时段已有 {} 个，到了上限。请先结束一些。", open), fmt::format("{} maintenance windows are not over, which is the limit. End some first.", open)});
  auto const& s = wanted.scope;
  auto const id = w.append({EventKind::maintenance_set, 0, wanted.by, window_payload(wanted)});
  w.exec("INSERT INTO maintenance (id, thing, place, rule, device_type, area, begins_at, ends_at, reason, made_by, begun, finished) VALUES (?,?,?,?,?,?,?,?,?,?,0,0)", id, s.thing, s.place,
         s.rule, s.device_type, s.area, wanted.begins, wanted.ends, wanted.reason, wanted.by);
  return id;
}

core::Result<> AlarmDesk::end_window(store::Writer& w, std::int64_t id, std::string const& reason, std::string const& actor) {
  auto const window = find_window(w, id);
  if (!window) return no_window(id);
  if (window->over || window->ends <= w.now())
    return fail(Errc::conflict, "maintenance.over", {"这个维护时段已经结束。", "This maintenance window is over."}, "id");
  boost::json::object payload;
  respond::put(payload, "reason", reason);
  w.append({EventKind::maintenance_ended, id, actor, boost::json::serialize(payload)});
  // Before its beginning it has suppressed nothing; after that it may have, whether or not its beginning was seen to.
  bool const before = w.now() < window->begins;
  w.exec("UPDATE maintenance SET ends_at = ?, finished = ? WHERE id = ?", before ? window->begins : w.now(), before, id);
  return {};
}

}  // namespace zhili::respond::alarms
