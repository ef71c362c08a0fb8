#include "catalogue/section_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "catalogue/values.hpp"

namespace zhili::catalogue {
namespace {

constexpr std::array<std::string_view, 7> weekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};

/// Visits the entries of a section as visit(key, value).
template <class Visit>
void each(Node const& file, char const* section, Visit visit) {
  Node const* const map = file.get(section);
  if (map == nullptr || !map->is_map()) return;
  for (std::size_t i = 0; i < map->keys.size() && i < map->children.size(); ++i)
    visit(map->keys[i], map->children[i]);
}

void dates(Node const* list, core::DateRule::Kind kind, std::vector<core::DateRule>& into, Report& report) {
  if (list == nullptr || !list->is_list()) return;
  for (auto const& one : list->children) {
    auto read = read_dates(one, kind, report);
    into.insert(into.end(), read.begin(), read.end());
  }
}

}  // namespace

bool SectionReader::is_first(std::string const& section, Node const& key) {
  auto const [before, is_new] = seen_.try_emplace({section, key.text}, &key);
  if (is_new) return true;
  report_.at(key, "pack.code.twice",
             {fmt::format("“{}”已在 {}:{} 写过", key.text, before->second->file, before->second->line),
              fmt::format("“{}” is already in {}:{}", key.text, before->second->file, before->second->line)},
             {"留下一个，或换编码", "keep one of them, or use another code"});
  return false;
}

void SectionReader::read(Node const& file) {
  each(file, "roles", [&](Node const& key, Node const& node) {
    if (is_first("roles", key))
      pack_.roles.push_back({key.text, read_text(node.get("name")), read_text(node.get("about"))});
  });
  each(file, "functions", [&](Node const& key, Node const& node) {
    if (is_first("functions", key))
      pack_.functions.push_back({key.text, read_text(node.get("name")), read_text(node.get("about"))});
  });
  each(file, "groups", [&](Node const& key, Node const& node) {
    if (is_first("groups", key)) pack_.groups.push_back({key.text, read_text(&node)});
  });
  each(file, "area_levels", [&](Node const& key, Node const& node) {
    Node const* const digits = node.get("digits");
    auto const count = digits != nullptr ? read_count(*digits) : std::nullopt;
    if (is_first("area_levels", key))
      pack_.area_levels.push_back({key.text, read_text(node.get("name")), count.value_or(0)});
  });
  each(file, "calendars", [&](Node const& key, Node const& node) {
    if (is_first("calendars", key)) calendar(key, node);
  });
}

void SectionReader::calendar(Node const& key, Node const& node) {
  core::CalendarSpec spec;
  spec.code = key.text;
  spec.version = pack_.version;
  Node const* const zone = node.get("zone");
  if (zone != nullptr && zone->is_scalar()) {
    auto const found = core::Zone::find(zone->text);
    if (found) {
      spec.zone = *found;
    } else {
      report_.at(
          *zone, "pack.zone",
          {fmt::format("没有时区“{}”", zone->text), fmt::format("there is no time zone “{}”", zone->text)},
          {"写 IANA 名称，例如 Asia/Shanghai", "write an IANA name, for example Asia/Shanghai"});
    }
  }
  if (Node const* const week = node.get("week"); week != nullptr && week->is_map()) {
    for (std::size_t day = 0; day < weekdays.size(); ++day) {
      Node const* const hours = week->get(weekdays[day]);
      if (hours == nullptr || !hours->is_list()) continue;
      for (auto const& one : hours->children) {
        if (auto const span = read_hours(one, report_)) spec.week[day].push_back(*span);
      }
    }
  }
  dates(node.get("holidays"), core::DateRule::Kind::holiday, spec.dates, report_);
  dates(node.get("workdays"), core::DateRule::Kind::workday, spec.dates, report_);
  auto made = core::Calendar::make(std::move(spec));
  if (!made) {
    core::Text what = made.error().text;
    report_.at(key, "pack.calendar",
               {fmt::format("日历 {}：{}", key.text, what.zh),
                fmt::format("the calendar {}: {}", key.text, what.en)},
               {fmt::format("改正 {}", made.error().field), fmt::format("mend {}", made.error().field)});
    return;
  }
  pack_.calendars.push_back(
      {key.text, read_text(node.get("name")), std::string(node.str("source")), std::move(*made)});
}

}  // namespace zhili::catalogue
