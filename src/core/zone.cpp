#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

#include "core/time.hpp"

namespace zhili::core {

/// The offsets of a zone one after the other, read from the database once: looking one up there parses nothing, but costs
/// more than the arithmetic around it.
struct Zone::Offsets {
  struct Span {
    std::chrono::sys_seconds begin, end;
    std::chrono::seconds offset;
  };
  std::string name;
  date::time_zone const* tz = nullptr;  // lives as long as the process; answers what lies behind the spans
  std::vector<Span> spans;              // without gaps; neighbours differ
};

namespace {

constexpr date::sys_days known_until{date::year{2200} / 1 / 1};

std::unique_ptr<Zone::Offsets const> read_offsets(date::time_zone const& tz);

}  // namespace

Result<Zone> Zone::find(std::string_view iana_name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Offsets const>, std::less<>> known;  // never shrinks: zones point into it
  std::scoped_lock const lock(mutex);
  if (auto const found = known.find(iana_name); found != known.end()) return Zone{found->second.get()};
  try {
    auto const& tz = *date::locate_zone(std::string(iana_name));
    return Zone{known.emplace(iana_name, read_offsets(tz)).first->second.get()};
  } catch (std::exception const& e) {
    return fail(Errc::not_found, "zone.unknown",
                {fmt::format("没有名为“{}”的时区。请用 Asia/Shanghai 这样的名字。", iana_name),
                 fmt::format("There is no time zone \"{}\". Use a name like Asia/Shanghai.", iana_name)},
                {}, e.what());
  }
}

namespace {

std::unique_ptr<Zone::Offsets const> read_offsets(date::time_zone const& tz) {
  auto out = std::make_unique<Zone::Offsets>();
  out->name = tz.name();
  out->tz = &tz;
  constexpr std::chrono::sys_seconds first{date::sys_days{date::year{1} / 1 / 1}.time_since_epoch()};
  for (auto at = first; at < known_until;) {
    auto const info = tz.get_info(at);
    if (!out->spans.empty() && out->spans.back().offset == info.offset) out->spans.back().end = info.end;
    else out->spans.push_back({at, info.end, info.offset});
    at = info.end;
  }
  return out;
}

Zone::Offsets::Span const* span_at(Zone::Offsets const& zone, std::chrono::sys_seconds at) {
  auto const& spans = zone.spans;
  if (at >= spans.back().end) return nullptr;
  auto const found = std::ranges::upper_bound(spans, at, {}, &Zone::Offsets::Span::end);
  return &*found;
}

}  // namespace

Zone Zone::utc() { return Zone{nullptr}; }

std::string Zone::name() const { return zone_ ? zone_->name : "UTC"; }

std::chrono::seconds Zone::offset(Instant at) const {
  if (!zone_) return std::chrono::seconds{0};
  auto const* span = span_at(*zone_, date::floor<std::chrono::seconds>(at));
  return span ? span->offset : zone_->tz->get_info(at).offset;
}

std::optional<Instant> Zone::next_change(Instant at) const {
  if (!zone_) return std::nullopt;
  auto const* span = span_at(*zone_, date::floor<std::chrono::seconds>(at));
  if (!span || span->end >= known_until) return std::nullopt;
  return Instant{span->end.time_since_epoch()};
}

Civil Zone::civil(Instant at) const {
  auto const local = date::floor<std::chrono::seconds>(at).time_since_epoch() + offset(at);
  auto const days = date::floor<date::days>(local);
  date::year_month_day const day{date::sys_days{days}};
  return {int{day.year()}, unsigned{day.month()}, unsigned{day.day()}, static_cast<int>((local - days).count())};
}

Instant Zone::instant(Civil const& civil) const {
  date::year_month_day const day{date::year{civil.year}, date::month{civil.month}, date::day{civil.day}};
  auto const local = date::local_days{day} + std::chrono::seconds{civil.second};
  auto const wall = local.time_since_epoch();
  if (!zone_) return Instant{wall};
  auto const ends_at = [](Offsets::Span const& span) { return span.end.time_since_epoch() + span.offset; };
  auto const found = std::ranges::upper_bound(zone_->spans, wall, {}, ends_at);
  if (found == zone_->spans.end()) return Instant{zone_->tz->to_sys(local, date::choose::earliest).time_since_epoch()};
  // Before the span's own beginning on the wall: the hour that was skipped.
  return std::max(Instant{wall - found->offset}, Instant{found->begin.time_since_epoch()});
}

}  // namespace zhili::core
