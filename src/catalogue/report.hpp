#pragma once
// Collects findings while a pack is read.

#include <string>
#include <utility>
#include <vector>

#include "catalogue/finding.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// Adds findings up to the limit; a place that already has one keeps only the first, for the rest follows
/// from it.
class Report {
 public:
  explicit Report(std::vector<Finding>& findings) : findings_(findings) {}

  void at(Node const& place, char const* key, core::Text what, core::Text mend) {
    if (findings_.size() >= max_findings) return;
    for (auto const& finding : findings_) {
      if (finding.line == place.line && finding.column == place.column && finding.file == place.file) return;
    }
    also(place, key, std::move(what), std::move(mend));
  }

  /// For a place that may lack several things.
  void also(Node const& place, char const* key, core::Text what, core::Text mend) {
    if (findings_.size() >= max_findings) return;
    findings_.push_back({place.file, place.line, place.column, key, std::move(what), std::move(mend)});
  }

  std::vector<Finding>& findings() { return findings_; }

 private:
  std::vector<Finding>& findings_;
};

}  // namespace zhili::catalogue
