#include "web/open311/tree.hpp"

#include <cstdlib>

#include "web/utf8.hpp"

namespace zhili::web::open311 {

namespace {

constexpr std::uint32_t replacement_character = 0xFFFD;

void append_hex(std::string& out, std::uint32_t value, int least_digits) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (; value > 0 || least_digits > 0; value >>= 4, --least_digits)
    text.insert(text.begin(), digits[value & 15]);
  out += text;
}

bool is_xml_character(std::uint32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c != 0xFFFE && c != 0xFFFF && c <= 0x10FFFF;
}

void append_json_unit(std::string& out, std::uint32_t unit) {
  out += "\\u";
  append_hex(out, unit, 4);
}

void append_json_character(std::string& out, std::uint32_t c) {
  if (c == '"' || c == '\\') {
    out += {'\\', static_cast<char>(c)};
  } else if (c == '\n') {
    out += "\\n";
  } else if (c >= 0x20 && c < 0x7F) {
    out += static_cast<char>(c);
  } else if (c < 0x10000) {
    append_json_unit(out, c);
  } else {
    append_json_unit(out, 0xD800 + ((c - 0x10000) >> 10));
    append_json_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
  }
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto c = next_code_point(text);
    if (!is_xml_character(c)) c = replacement_character;
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if ((c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t') {
      out += static_cast<char>(c);
    } else {
      out += "&#x";
      append_hex(out, c, 1);
      out += ';';
    }
  }
  return out;
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  while (!text.empty()) {
    auto const c = next_code_point(text);
    append_json_character(out, c == not_a_code_point ? replacement_character : c);
  }
  return out + '"';
}

Node& Node::add(Node child) {
  return children_.emplace_back(std::move(child));
}

Node& Node::text(std::string name, std::string value) {
  children_.push_back(Node(std::move(name), Kind::text, std::move(value)));
  return *this;
}

Node& Node::boolean(std::string name, bool value) {
  children_.push_back(Node(std::move(name), Kind::raw, value ? "true" : "false"));
  return *this;
}

Node& Node::integer(std::string name, std::int64_t value) {
  children_.push_back(Node(std::move(name), Kind::raw, std::to_string(value)));
  return *this;
}

Node& Node::degrees(std::string name, std::int32_t e7) {
  constexpr std::int64_t one_degree = 10'000'000;
  auto const magnitude = std::abs(std::int64_t{e7});
  auto fraction = std::to_string(magnitude % one_degree + one_degree).substr(1);
  while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
  auto value = std::string(e7 < 0 ? "-" : "") + std::to_string(magnitude / one_degree) + "." + fraction;
  children_.push_back(Node(std::move(name), Kind::raw, std::move(value)));
  return *this;
}

std::string Node::write(Format format) const {
  std::string out;
  if (format == Format::xml) {
    out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
    write_xml(out);
    out += '\n';
  } else {
    write_json(out);
  }
  return out;
}

void Node::write_xml(std::string& out) const {
  if (value_.empty() && children_.empty()) {
    out += "<" + name_ + "/>";
    return;
  }
  out += "<" + name_ + ">";
  out += kind_ == Kind::raw ? value_ : xml_text(value_);
  for (auto const& child : children_) child.write_xml(out);
  out += "</" + name_ + ">";
}

void Node::write_json(std::string& out) const {
  if (kind_ == Kind::raw) {
    out += value_;
  } else if (kind_ == Kind::text) {
    out += value_.empty() ? "null" : json_text(value_);
  } else {
    bool const is_list = kind_ == Kind::list;
    out += is_list ? '[' : '{';
    for (auto const& child : children_) {
      if (&child != children_.data()) out += ',';
      if (!is_list) out += json_text(child.name_) + ':';
      child.write_json(out);
    }
    out += is_list ? ']' : '}';
  }
}

}  // namespace zhili::web::open311
