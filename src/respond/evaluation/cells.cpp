#include "respond/evaluation/cells.hpp"

namespace zhili::respond::evaluation {

std::string_view name(Dimension dimension) {
  switch (dimension) {
    case Dimension::none: return "none";
    case Dimension::area: return "area";
    case Dimension::grid: return "grid";
    case Dimension::department: return "department";
    case Dimension::function: return "function";
    case Dimension::item: return "item";
    case Dimension::source: return "source";
  }
  return {};
}

std::string_view column(Dimension dimension) { return dimension == Dimension::function ? "function_key" : name(dimension); }

}  // namespace zhili::respond::evaluation
