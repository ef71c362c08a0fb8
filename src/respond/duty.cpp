#include "respond/duty.hpp"

#include <boost/json.hpp>

namespace zhili::respond {

std::string to_json(std::vector<DutyReason> const& because) {
  boost::json::array out;
  for (auto const& b : because)
    out.push_back(boost::json::array{boost::json::string(b.what.zh), boost::json::string(b.what.en),
                                     boost::json::string(b.value.zh), boost::json::string(b.value.en)});
  return boost::json::serialize(out);
}

core::Result<std::vector<DutyReason>> duty_reasons_from(std::string_view text) {
  std::vector<DutyReason> out;
  if (text.empty()) return out;
  boost::system::error_code error;
  auto const value = boost::json::parse({text.data(), text.size()}, error);
  auto const* rows = error ? nullptr : value.if_array();
  bool good = rows != nullptr;
  for (auto const& row : rows ? *rows : boost::json::array{}) {
    auto const* cells = row.if_array();
    good = good && cells && cells->size() >= 4;
    for (std::size_t i = 0; good && i < 4; ++i) good = (*cells)[i].is_string();
    if (!good) break;
    auto const cell = [&](std::size_t i) { return std::string((*cells)[i].get_string()); };
    out.push_back({{cell(0), cell(1)}, {cell(2), cell(3)}});
  }
  if (good) return out;
  return core::fail(core::Errc::corrupt, "duty.because",
                    {"账本中的责任依据无法读取。", "The reasons of a duty in the ledger cannot be read."});
}

}  // namespace zhili::respond
