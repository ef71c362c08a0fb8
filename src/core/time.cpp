#include "core/time.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

namespace zhili::core {

namespace {

// What four digits of a year can say: an offset may push a time over the edge, and then it could not be written back.
constexpr Instant earliest{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
constexpr Instant beyond{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1}};

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

void put_two(std::string& out, int number) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

/// By hand: a list of cases has a thousand times in it.
std::string iso_text(Civil const& civil) {
  std::string out;
  out.reserve(sizeof "2026-11-21T08:05:00+08:00");
  put_two(out, civil.year / 100);
  put_two(out, civil.year % 100);
  out += '-';
  put_two(out, static_cast<int>(civil.month));
  out += '-';
  put_two(out, static_cast<int>(civil.day));
  out += 'T';
  put_two(out, civil.second / 3600);
  out += ':';
  put_two(out, civil.second / 60 % 60);
  out += ':';
  put_two(out, civil.second % 60);
  return out;
}

}  // namespace

Instant SystemTime::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

std::string to_iso(Instant at) { return iso_text(Zone::utc().civil(at)) + 'Z'; }

std::string to_iso(Instant at, Zone const& zone) {
  auto out = iso_text(zone.civil(at));
  auto const minutes = static_cast<int>(zone.offset(at).count() / 60);
  out += minutes < 0 ? '-' : '+';
  put_two(out, std::abs(minutes) / 60);
  out += ':';
  put_two(out, std::abs(minutes) % 60);
  return out;
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

}  // namespace zhili::core
