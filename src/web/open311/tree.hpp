#pragma once
// One answer, two forms: a tree that is written as XML or as JSON by the rules of GeoReport v2.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/geo.hpp"

namespace zhili::web::open311 {

enum class Format : std::uint8_t { xml, json };

/// An element. In JSON an object has its fields by name, a list is a bare array (its items' names fall away),
/// and the name of the root falls away.
class Node {
 public:
  static Node object(std::string name) { return Node(std::move(name), Kind::object, {}); }
  static Node list(std::string name) { return Node(std::move(name), Kind::list, {}); }

  /// Adds a child and returns it; the reference holds until the next child is added.
  Node& add(Node child);
  /// Text; an empty one is an empty element, and null in JSON. Ids and codes are texts, whatever they look
  /// like.
  Node& text(std::string name, std::string value);
  Node& boolean(std::string name, bool value);
  Node& integer(std::string name, std::int64_t value);
  /// A text that is an item of a list.
  Node& item(std::string name, std::string value) { return text(std::move(name), std::move(value)); }
  /// Latitude or longitude in 1e-7 degree, as a number of degrees.
  Node& degrees(std::string name, std::int32_t e7);
  Node& null(std::string name) { return text(std::move(name), {}); }

  /// ASCII only, whatever the texts hold: characters beyond it are numeric references. XML begins with a
  /// declaration.
  std::string write(Format format) const;

 private:
  enum class Kind : std::uint8_t { object, list, text, raw };
  Node(std::string name, Kind kind, std::string value)
      : name_(std::move(name)), value_(std::move(value)), kind_(kind) {}
  void write_xml(std::string& out) const;
  void write_json(std::string& out) const;

  std::string name_;
  std::string value_;
  Kind kind_;
  std::vector<Node> children_;
};

/// What XML allows of a text, ASCII only: markup escaped, other characters as numeric references, and U+FFFD
/// for those that XML does not allow at all.
std::string xml_text(std::string_view text);
/// A JSON string with its quotes; ASCII only.
std::string json_text(std::string_view text);

}  // namespace zhili::web::open311
