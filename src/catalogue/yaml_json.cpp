#include "catalogue/yaml_json.hpp"

#include <boost/json.hpp>
#include <charconv>

namespace zhili::catalogue {
namespace {

boost::json::value scalar(Node const& node) {
  if (node.quoted) return boost::json::string(node.text);
  if (node.text == "true" || node.text == "false") return node.text == "true";
  if (!looks_like_number(node.text)) return boost::json::string(node.text);
  char const* const end = node.text.data() + node.text.size();
  char const* const start = node.text.data() + (node.text.starts_with('+') ? 1 : 0);
  std::int64_t whole = 0;
  if (auto const [stop, error] = std::from_chars(start, end, whole); error == std::errc{} && stop == end)
    return whole;
  double real = 0;
  if (auto const [stop, error] = std::from_chars(start, end, real); error == std::errc{} && stop == end)
    return real;
  return boost::json::string(node.text);
}

}  // namespace

boost::json::value to_json(Node const& node) {
  switch (node.type) {
    case Node::Type::null:
      return nullptr;
    case Node::Type::scalar:
      return scalar(node);
    case Node::Type::list: {
      boost::json::array list;
      for (auto const& child : node.children) list.push_back(to_json(child));
      return list;
    }
    case Node::Type::map:
      break;
  }
  boost::json::object map;
  for (std::size_t i = 0; i < node.keys.size() && i < node.children.size(); ++i) {
    map[node.keys[i].text] = to_json(node.children[i]);
  }
  return map;
}

}  // namespace zhili::catalogue
