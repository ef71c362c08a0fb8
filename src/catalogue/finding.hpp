#pragma once
// What is wrong with a pack: where, what, and how to mend it.

#include <string>
#include <vector>

#include "core/result.hpp"

namespace zhili::catalogue {

/// One mistake. `key` is stable and for programs ("pack.code.number"); `what` and `mend` are for people.
struct Finding {
  std::string file;  ///< relative to the pack's folder
  int line = 0;      ///< from 1; 0: the file as a whole
  int column = 0;    ///< from 1, in characters
  std::string key;
  core::Text what;
  core::Text mend;
};

/// A check stops collecting here and says so in a last finding.
inline constexpr std::size_t max_findings = 200;

/// "items.yaml:12:7: …" in one language, ordered by place, one finding in two lines.
std::string render(std::vector<Finding> const& findings, core::Lang lang);

}  // namespace zhili::catalogue
