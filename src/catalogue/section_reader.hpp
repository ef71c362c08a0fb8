#pragma once
// The sections of a pack beside its items: roles, functions, groups, area levels, calendars, what is the same thing, indicators, scores, reports.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/report.hpp"
#include "catalogue/types.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

class SectionReader {
 public:
  SectionReader(Pack& pack, Report& report) : pack_(pack), report_(report) {}

  /// Adds what one file says.
  void read(Node const& file);
  /// Once all files are read: whether the scores and reports of one name indicators of this pack or of those below.
  void check_indicators(Node const& file, std::vector<Indicator const*> below);
  /// Whether a code is new in its section; a finding names both places where it is not.
  bool is_first(std::string const& section, Node const& key);
  /// Whether somebody with a known role may overrule each algorithm.
  void check_algorithms(Node const& file, std::vector<Role> const& roles);

 private:
  void calendar(Node const& key, Node const& node);

  Pack& pack_;
  Report& report_;
  std::map<std::pair<std::string, std::string>, Node const*> seen_;
};

}  // namespace zhili::catalogue
