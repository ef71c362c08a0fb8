#pragma once
// Whose duty it is, and why (为何). Owned here; the program wires it to places and to the installation's
// mapping.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.hpp"
#include "core/geo.hpp"
#include "core/result.hpp"

namespace zhili::respond {

/// One step of the reasoning, for people: "责任网格 Duty grid" → "370402001-07".
struct DutyReason {
  core::Text what;
  core::Text value;
  bool operator==(DutyReason const&) const = default;
};

struct DutyQuestion {
  std::string item;
  std::string function;                             ///< what a city does, whoever does it there: "drainage"
  catalogue::DutyBy by = catalogue::DutyBy::place;  ///< 事件先属地后属主, 部件先属主后属地
  std::optional<core::LatLon> place = {};
  std::optional<std::int64_t> area_id = {};
  std::string grid = {};
};

struct DutyAnswer {
  std::string department;
  std::string post = {};       ///< may be empty
  std::string duty_grid = {};  ///< may be empty
  std::vector<DutyReason> because = {};
};

class DutyFinder {
 public:
  virtual ~DutyFinder() = default;
  /// Thread-safe; some microseconds; runs on the writer's thread. Errors: not_found (nobody holds the
  /// function there).
  virtual core::Result<DutyAnswer> find(DutyQuestion const& question) const = 0;
  /// Who has it when a dispute stays open (兜底).
  virtual DutyAnswer default_duty(DutyQuestion const& question) const = 0;
};

/// `[[zh, en, zh, en], …]`: as events keep it.
std::string to_json(std::vector<DutyReason> const& because);
/// Errors: corrupt.
core::Result<std::vector<DutyReason>> duty_reasons_from(std::string_view json);

}  // namespace zhili::respond
