#include "catalogue/section_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "catalogue/indicator_reader.hpp"
#include "catalogue/report_reader.hpp"
#include "catalogue/same_thing_reader.hpp"
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

std::vector<std::string> rule_names(Node const* list) {
  std::vector<std::string> out;
  if (list == nullptr || !list->is_list()) return out;
  for (auto const& one : list->children)
    if (one.is_scalar()) out.push_back(one.text);
  return out;
}

Algorithm read_algorithm(Node const& key, Node const& node) {
  return {.code = key.text,
          .name = read_text(node.get("name")),
          .purpose = read_text(node.get("purpose")),
          .acts = node.str("does") == "acts",
          .owner = read_text(node.get("owner")),
          .basis = read_text(node.get("basis")),
          .version = std::string(node.str("version")),
          .uses = read_text(node.get("uses")),
          .quality = read_text(node.get("quality")),
          .measured_by = std::string(node.str("measured_by")),
          .rules = rule_names(node.get("rules")),
          .overruled_by = std::string(node.str("overruled_by")),
          .overruling = read_text(node.get("overruling"))};
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
  each(file, "algorithms", [&](Node const& key, Node const& node) {
    if (is_first("algorithms", key)) pack_.algorithms.push_back(read_algorithm(key, node));
  });
  if (Node const* const same = file.get("same_thing"); same != nullptr && same->is_map())
    pack_.same_thing = read_same_thing_defaults(*same, report_);
  each(file, "calendars", [&](Node const& key, Node const& node) {
    if (is_first("calendars", key)) calendar(key, node);
  });
  each(file, "reports", [&](Node const& key, Node const& node) {
    if (is_first("reports", key)) pack_.reports.push_back(read_report(key, node, report_));
  });
  each(file, "indicators", [&](Node const& key, Node const& node) {
    if (is_first("indicators", key)) pack_.indicators.push_back(read_indicator(key, node, report_));
  });
  each(file, "scores", [&](Node const& key, Node const& node) {
    if (is_first("scores", key)) pack_.scores.push_back(read_score(key, node, report_));
  });
}

void SectionReader::check_indicators(Node const& file, std::vector<Indicator const*> below) {
  for (auto const& own : pack_.indicators) below.push_back(&own);
  each(file, "scores", [&](Node const& key, Node const& node) {
    for (auto const& score : pack_.scores)
      if (score.code == key.text) check_score(node, score, below, report_);
  });
  each(file, "reports", [&](Node const&, Node const& node) { check_report(node, below, report_); });
}

void SectionReader::check_algorithms(Node const& file, std::vector<Role> const& roles) {
  each(file, "algorithms", [&](Node const&, Node const& node) {
    Node const* const by = node.get("overruled_by");
    if (by == nullptr || !by->is_scalar() || std::ranges::find(roles, by->text, &Role::code) != roles.end()) return;
    report_.at(*by, "pack.role.none",
               {fmt::format("没有角色“{}”", by->text), fmt::format("there is no role “{}”", by->text)},
               {"在 roles 里写上它，或在 needs 里写上 base", "add it under roles, or name base under needs"});
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
