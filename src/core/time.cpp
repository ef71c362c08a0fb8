#include "core/time.hpp"

#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>

#include <charconv>

namespace zhili::core {

namespace {

// What four digits of a year can say: an offset may push a time over the edge, and then it could not be written back.
constexpr Instant earliest{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
constexpr Instant beyond{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1}};

date::time_zone const& zone_of(void const* tz) { return *static_cast<date::time_zone const*>(tz); }

bool digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
  if (at + count > text.size()) return false;
  auto const* first = text.data() + at;
  auto [end, error] = std::from_chars(first, first + count, out);
  return error == std::errc{} && end == first + count && *first >= '0' && *first <= '9';
}

tl::unexpected<Error> bad_time(std::string_view text) {
  return fail(Errc::invalid, "time.form",
              {fmt::format("时间“{}”写法不对。请写成 2026-11-21T08:05:00+08:00，必须带时区。", text),
               fmt::format("The time \"{}\" is not in the form 2026-11-21T08:05:00+08:00; a zone is required.", text)});
}

struct IsoParts {
  int year, month, day, hour, minute, second, millisecond = 0, offset_minutes = 0;
};

bool parse_offset(std::string_view text, std::size_t at, IsoParts& parts) {
  if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) return true;
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return false;
  int hours = 0;
  int minutes = 0;
  bool const colon = text.size() == at + 6 && text[at + 3] == ':';
  bool const plain = text.size() == at + 5;
  if (!(colon || plain) || !digits(text, at + 1, 2, hours) || !digits(text, at + (colon ? 4 : 3), 2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  parts.offset_minutes = (hours * 60 + minutes) * (text[at] == '-' ? -1 : 1);
  return true;
}

bool parse_iso(std::string_view text, IsoParts& p) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
      text[16] != ':')
    return false;
  if (!digits(text, 0, 4, p.year) || !digits(text, 5, 2, p.month) || !digits(text, 8, 2, p.day) ||
      !digits(text, 11, 2, p.hour) || !digits(text, 14, 2, p.minute) || !digits(text, 17, 2, p.second))
    return false;
  if (p.hour > 23 || p.minute > 59 || p.second > 60) return false;
  std::size_t at = 19;
  if (text[at] == '.') {
    int scale = 100;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
      p.millisecond += (text[at] - '0') * scale;
  }
  return parse_offset(text, at, p);
}

}  // namespace

Instant SystemTime::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

std::string to_iso(Instant at) {
  auto const civil = Zone::utc().civil(at);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", civil.year, civil.month, civil.day, civil.second / 3600,
                     civil.second / 60 % 60, civil.second % 60);
}

std::string to_iso(Instant at, Zone const& zone) {
  auto const civil = zone.civil(at);
  auto const minutes = static_cast<int>(zone.offset(at).count() / 60);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", civil.year, civil.month, civil.day,
                     civil.second / 3600, civil.second / 60 % 60, civil.second % 60, minutes < 0 ? '-' : '+',
                     std::abs(minutes) / 60, std::abs(minutes) % 60);
}

Result<Instant> from_iso(std::string_view text) {
  IsoParts p{};
  if (!parse_iso(text, p)) return bad_time(text);
  date::year_month_day const day{date::year{p.year}, date::month{static_cast<unsigned>(p.month)},
                                 date::day{static_cast<unsigned>(p.day)}};
  if (!day.ok()) return bad_time(text);
  Instant const at{date::sys_days{day}.time_since_epoch() + std::chrono::hours{p.hour} +
                   std::chrono::minutes{p.minute - p.offset_minutes} + std::chrono::seconds{p.second} +
                   std::chrono::milliseconds{p.millisecond}};
  if (at < earliest || at >= beyond) return bad_time(text);
  return at;
}

Result<Zone> Zone::find(std::string_view iana_name) {
  try {
    return Zone{date::locate_zone(std::string(iana_name))};
  } catch (std::exception const& e) {
    return fail(Errc::not_found, "zone.unknown",
                {fmt::format("没有名为“{}”的时区。请用 Asia/Shanghai 这样的名字。", iana_name),
                 fmt::format("There is no time zone \"{}\". Use a name like Asia/Shanghai.", iana_name)},
                {}, e.what());
  }
}

Zone Zone::utc() { return Zone{nullptr}; }

std::string Zone::name() const { return tz_ ? zone_of(tz_).name() : "UTC"; }

std::chrono::seconds Zone::offset(Instant at) const {
  return tz_ ? zone_of(tz_).get_info(at).offset : std::chrono::seconds{0};
}

std::optional<Instant> Zone::next_change(Instant at) const {
  if (!tz_) return std::nullopt;
  constexpr date::sys_days known_until{date::year{2200} / 1 / 1};
  auto const here = zone_of(tz_).get_info(at);
  for (auto next = here.end; next < known_until; next = zone_of(tz_).get_info(next).end)
    if (zone_of(tz_).get_info(next).offset != here.offset) return Instant{next.time_since_epoch()};
  return std::nullopt;
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
  if (!tz_) return Instant{local.time_since_epoch()};
  return Instant{zone_of(tz_).to_sys(local, date::choose::earliest).time_since_epoch()};
}

}  // namespace zhili::core
