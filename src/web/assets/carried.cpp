#include "web/assets/carried.hpp"

#include <boost/json.hpp>

extern "C" char const zhili_assets_begin[];
extern "C" char const zhili_assets_end[];

namespace zhili::web {

Assets carried_assets() {
  constexpr std::string_view magic = "ZHILI-ASSETS-1\n";
  Assets out;
  std::string_view all(zhili_assets_begin, static_cast<std::size_t>(zhili_assets_end - zhili_assets_begin));
  if (!all.starts_with(magic)) return out;
  all.remove_prefix(magic.size());
  auto const line = all.find('\n');
  auto const bytes = all.substr(line + 1);
  auto const index = boost::json::parse(boost::json::string_view(all.data(), line));
  for (auto const& value : index.as_array()) {
    auto const& file = value.as_object();
    auto const at = file.at("at").to_number<std::size_t>();
    auto const size = file.at("size").to_number<std::size_t>();
    out.add(std::string(file.at("path").as_string()), std::string(bytes.substr(at, size)));
  }
  return out;
}

}  // namespace zhili::web
