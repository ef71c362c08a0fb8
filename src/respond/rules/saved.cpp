#include "respond/rules/saved.hpp"

#include "respond/rules/packing.hpp"

namespace zhili::respond::rules {

std::uint64_t sources_number(Instance const& instance) {
  std::uint64_t out = 14'695'981'039'346'656'037ULL;  // FNV-1a over whole numbers
  for (auto const& source : instance.sources)
    for (auto const part : {static_cast<std::uint64_t>(source.property), static_cast<std::uint64_t>(source.stream)}) out = (out ^ part) * 1'099'511'628'211ULL;
  return out;
}

void append_saved(std::string& row, Saved const& one) {
  put_text(row, one.rule);
  put_text(row, one.subject);
  put(row, one.meaning);
  put(row, one.sources);
  put(row, one.position);
  put_text(row, one.state);
}

core::Result<> each_saved(std::string_view row, std::function<void(Saved const&)> const& visit) {
  while (!row.empty()) {
    Saved one;
    if (!get_text(row, one.rule) || !get_text(row, one.subject) || !get(row, one.meaning) || !get(row, one.sources) || !get(row, one.position) || !get_text(row, one.state))
      return core::fail(core::Errc::corrupt, "rules.state", {"规则状态读不出来。", "A row of states of rules cannot be read."});
    visit(one);
  }
  return {};
}

}  // namespace zhili::respond::rules
