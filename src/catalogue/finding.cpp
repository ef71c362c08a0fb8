#include "catalogue/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace zhili::catalogue {

std::string render(std::vector<Finding> const& findings, core::Lang lang) {
  std::vector<Finding const*> sorted;
  for (auto const& finding : findings) sorted.push_back(&finding);
  std::stable_sort(sorted.begin(), sorted.end(), [](Finding const* a, Finding const* b) {
    return std::tie(a->file, a->line, a->column) < std::tie(b->file, b->line, b->column);
  });
  std::string out;
  for (Finding const* finding : sorted) {
    out += finding->file;
    if (finding->line > 0) out += fmt::format(":{}:{}", finding->line, finding->column);
    out += fmt::format(": {}\n    {} {}\n", core::in(lang, finding->what),
                       lang == core::Lang::zh ? "改法：" : "mend:", core::in(lang, finding->mend));
  }
  return out;
}

}  // namespace zhili::catalogue
