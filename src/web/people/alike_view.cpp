#include "web/people/alike_view.hpp"

#include <boost/json.hpp>

#include "web/api/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;

namespace {

core::Text name_of(respond::Part part) {
  switch (part) {
    case respond::Part::place: return {"地点", "Place"};
    case respond::Part::time: return {"时间", "Time"};
    case respond::Part::item: return {"事项", "Item"};
    case respond::Part::asset: return {"部件", "Component"};
    case respond::Part::text: return {"文字", "Words"};
  }
  return {};
}

}  // namespace

object alike_json(respond::Alike const& alike) {
  array parts;
  for (auto const& part : alike.parts)
    parts.push_back(object{{"part", respond::name(part.part)}, {"name", to_json(name_of(part.part))}, {"weight", part.weight},
                           {"score", part.score}, {"reason", to_json(respond::reason(part))}});
  return {{"score", alike.score}, {"parts", std::move(parts)}, {"reason", to_json(respond::reason(alike))}};
}

std::vector<Field> alike_fields() {
  using namespace shape;
  auto const percent = integer(0, 100);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < respond::part_count; ++i) parts.emplace_back(respond::name(static_cast<respond::Part>(i)));
  auto const part = record("AlikePart", {{"part", choice(std::move(parts))}, {"name", both_languages()}, {"weight", integer()}, {"score", percent},
                                         {"reason", both_languages()}});
  return {{"score", percent, {"满分 100", "Of 100"}}, {"parts", list(part)}, {"reason", both_languages()}};
}

}  // namespace zhili::web
