#include "app/import/mapping.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace zhili::app {

namespace {

using core::Errc;
using core::fail;
using respond::history::Remembered;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::string_view twelve_hours = "AM";

struct CivilParts {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  bool afternoon = false;
  bool twelve_hour = false;
};

/// Takes the number that stands for a letter group; the group may be shorter in the text only where it is not padded.
bool take(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits) return false;
  auto const [end, error] = std::from_chars(text.data(), text.data() + digits, out);
  if (error != std::errc{} || end != text.data() + digits) return false;
  text.remove_prefix(digits);
  return true;
}

bool take_half_day(std::string_view& text, CivilParts& parts) {
  if (text.size() < 2 || text[1] != 'M' || (text[0] != 'A' && text[0] != 'P')) return false;
  parts.afternoon = text[0] == 'P';
  parts.twelve_hour = true;
  text.remove_prefix(2);
  return true;
}

bool take_group(std::string_view& form, std::string_view& text, CivilParts& parts) {
  struct Group { std::string_view letters; int CivilParts::*part; };
  static constexpr Group groups[] = {{"YYYY", &CivilParts::year}, {"MM", &CivilParts::month},  {"DD", &CivilParts::day},
                                     {"hh", &CivilParts::hour},   {"HH", &CivilParts::hour},   {"mm", &CivilParts::minute},
                                     {"ss", &CivilParts::second}};
  for (auto const& group : groups) {
    if (!form.starts_with(group.letters)) continue;
    form.remove_prefix(group.letters.size());
    return take(text, group.letters.size(), parts.*group.part);
  }
  if (form.starts_with(twelve_hours)) {
    form.remove_prefix(twelve_hours.size());
    return take_half_day(text, parts);
  }
  if (text.empty() || text.front() != form.front()) return false;
  form.remove_prefix(1);
  text.remove_prefix(1);
  return true;
}

bool plausible(CivilParts& p) {
  if (p.twelve_hour) {
    if (p.hour < 1 || p.hour > 12) return false;
    p.hour = p.hour % 12 + (p.afternoon ? 12 : 0);
  }
  using namespace std::chrono;
  return year_month_day(year(p.year), month(static_cast<unsigned>(p.month)), day(static_cast<unsigned>(p.day))).ok() &&
         p.year >= 1900 && p.hour < 24 && p.minute < 60 && p.second < 60;
}

bool number(std::string_view text, double& out) {
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

tl::unexpected<core::Error> bad(std::string_view column, std::string_view value, core::Text why) {
  return fail(Errc::invalid, "import.row",
              {fmt::format("{}“{}”：{}", column, value, why.zh), fmt::format("{} \"{}\": {}", column, value, why.en)},
              std::string(column));
}

}  // namespace

CivilReader::CivilReader(std::string form, core::Zone zone) : form_(std::move(form)), zone_(zone) {}

core::Result<core::Instant> CivilReader::read(std::string_view text, std::string_view column) {
  CivilParts p;
  std::string_view form = form_;
  std::string_view rest = text;
  while (!form.empty())
    if (!take_group(form, rest, p)) break;
  if (!form.empty() || !rest.empty() || !plausible(p))
    return bad(column, text, {fmt::format("不是 {} 形式的时间。", form_), fmt::format("not a time of the form {}.", form_)});
  using namespace std::chrono;
  auto const date = sys_days(year(p.year) / month(static_cast<unsigned>(p.month)) / static_cast<int>(p.day));
  auto const second = p.hour * 3600 + p.minute * 60 + p.second;
  auto const day = date.time_since_epoch().count();
  if (day != day_) {
    // A day on which the offset changes is asked for each time anew.
    core::Civil const start{p.year, static_cast<unsigned>(p.month), static_cast<unsigned>(p.day), 0};
    auto const midnight = zone_.instant(start);
    auto const before = zone_.offset(midnight);
    change_day_ = before != zone_.offset(midnight + hours(30));
    offset_ms_ = duration_cast<milliseconds>(before).count();
    day_ = day;
  }
  if (change_day_)
    return zone_.instant({p.year, static_cast<unsigned>(p.month), static_cast<unsigned>(p.day), second});
  return core::from_ms(day * day_ms + second * 1000LL - offset_ms_);
}

core::Result<Mapping> Mapping::make(catalogue::Profile const& profile, catalogue::Catalogue const& catalogue,
                                    AreaNames const& areas, std::vector<std::string_view> const& header) {
  ZHILI_TRY(auto const zone, core::Zone::find(profile.zone));
  Mapping out(profile, areas, CivilReader(profile.time_format, zone));
  out.fields_ = header.size();
  for (auto const& [type, code] : profile.items)
    if (auto const* item = catalogue.find(code)) out.items_.emplace(type, item);
  std::vector<std::string> missing;
  for (std::size_t c = 0; c < count; ++c) {
    auto const column = out.name(static_cast<Column>(c));
    auto const found = std::find(header.begin(), header.end(), column);
    out.columns_[c] = column.empty() || found == header.end() ? absent : static_cast<std::size_t>(found - header.begin());
    if (!column.empty() && out.columns_[c] == absent) missing.emplace_back(column);
  }
  if (!missing.empty())
    return fail(Errc::invalid, "import.header",
                {fmt::format("文件的表头里没有这些列：{}。请换一个对照表（--profile），或给文件补上表头。", fmt::join(missing, "、")),
                 fmt::format("The header of the file lacks these columns: {}. Use another --profile, or mend the header.",
                             fmt::join(missing, ", "))},
                missing.front());
  return out;
}

std::string_view Mapping::name(Column column) const {
  auto const& c = profile_->columns;
  std::string const* const names[] = {&c.id,     &c.type,   &c.source,  &c.opened, &c.target, &c.closed,
                                      &c.status, &c.reason, &c.address, &c.lat,    &c.lon,    &c.department, &c.area};
  return *names[column];
}

std::string_view Mapping::at(sheet::CsvRecord const& record, Column column) const {
  return columns_[column] < record.fields.size() ? record.fields[columns_[column]] : std::string_view{};
}

core::Result<> Mapping::times(sheet::CsvRecord const& record, Remembered& out) {
  ZHILI_TRY(out.opened, times_.read(at(record, opened), name(opened)));
  if (auto const text = at(record, target); !text.empty()) {
    ZHILI_TRY(out.promised, times_.read(text, name(target)));
  }
  if (auto const text = at(record, closed); !text.empty()) {
    ZHILI_TRY(out.closed, times_.read(text, name(closed)));
  }
  out.contradiction = out.closed && *out.closed < out.opened;
  return {};
}

core::Result<> Mapping::state(sheet::CsvRecord const& record, Remembered& out) const {
  auto const text = at(record, status);
  auto const state = profile_->states.find(text);
  if (state == profile_->states.end())
    return bad(name(status), text, {"对照表里没有这个状态。", "the profile does not know this state."});
  if ((state->second == "closed") != out.closed.has_value())
    return bad(name(status), text, {"状态与结案时间不符。", "the state and the closing time contradict each other."});
  out.closing_words = at(record, reason);
  for (auto const& [prefix, outcome] : profile_->outcomes)
    if (out.closing_words.starts_with(prefix)) out.outcome = outcome;
  return {};
}

core::Result<> Mapping::place(sheet::CsvRecord const& record, Remembered& out) const {
  out.address = at(record, address);
  auto const lat_text = at(record, lat);
  auto const lon_text = at(record, lon);
  if (lat_text.empty() && lon_text.empty()) {
    out.location_unknown = true;
    return {};
  }
  double lat_degrees = 0;
  double lon_degrees = 0;
  if (!number(lat_text, lat_degrees) || lat_degrees < -90 || lat_degrees > 90)
    return bad(name(lat), lat_text, {"不是 −90 到 90 之间的纬度。", "not a latitude from −90 to 90."});
  if (!number(lon_text, lon_degrees) || lon_degrees < -180 || lon_degrees > 180)
    return bad(name(lon), lon_text, {"不是 −180 到 180 之间的经度。", "not a longitude from −180 to 180."});
  out.place = core::LatLon::of(lat_degrees, lon_degrees);
  return {};
}

core::Result<Remembered> Mapping::row(sheet::CsvRecord const& record) {
  if (record.fields.size() != fields_)
    return fail(Errc::invalid, "import.fields",
                {fmt::format("这一行有 {} 个字段，表头有 {} 个。", record.fields.size(), fields_),
                 fmt::format("The row has {} fields, the header {}.", record.fields.size(), fields_)});
  Remembered out;
  out.number = at(record, id);
  if (out.number.empty()) return bad(name(id), "", {"没有编号。", "there is no number."});
  auto const kind = at(record, type);
  auto const item = items_.find(kind);
  if (item == items_.end())
    return bad(name(type), kind, {"对照表里没有这一类。请在对照表的 items 里加上。", "the profile does not know this type; add it to its items."});
  out.item = item->second;
  auto const channel = profile_->channels.find(at(record, source));
  out.channel = channel == profile_->channels.end() ? "other" : channel->second;
  ZHILI_CHECK(times(record, out));
  ZHILI_CHECK(state(record, out));
  ZHILI_CHECK(place(record, out));
  out.department = at(record, department);
  if (auto const known = areas_->find(at(record, area)); known != areas_->end()) out.area_id = known->second;
  return out;
}

std::optional<Mapping::PlaceAndType> Mapping::place_and_type(sheet::CsvRecord const& record) const {
  double lat_degrees = 0;
  double lon_degrees = 0;
  if (!number(at(record, lat), lat_degrees) || !number(at(record, lon), lon_degrees)) return std::nullopt;
  if (lat_degrees < -90 || lat_degrees > 90 || lon_degrees < -180 || lon_degrees > 180) return std::nullopt;
  return PlaceAndType{core::LatLon::of(lat_degrees, lon_degrees), at(record, type)};
}

}  // namespace zhili::app
