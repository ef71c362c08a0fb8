#include "web/form.hpp"

#include <array>

#include "web/utf8.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

auto bad_escape(std::string_view field) {
  return fail(Errc::invalid, "form.escape",
              {"参数编码有误：请按 UTF-8 作百分号编码，且不得含空字符（NUL）。",
               "A parameter is not well encoded: use percent-encoded UTF-8 without NUL."},
              std::string(field));
}

auto bad_target() {
  return fail(Errc::invalid, "http.target",
              {"网址有误：路径须以“/”开头，按 UTF-8 作百分号编码，不得含“.”或“..”段。",
               "The address is not well formed: a path begins with \"/\", is percent-encoded UTF-8, and has "
               "no \".\" or "
               "\"..\" segment."});
}

/// What follows the host in an absolute-form target.
std::string_view without_authority(std::string_view target) {
  for (std::string_view const scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    auto const end = target.find_first_of("/?", scheme.size());
    if (end == std::string_view::npos) return "/";
    return target.substr(end);
  }
  return target;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      int const high = hex_digit(text[i + 1]);
      int const low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (!is_clean_utf8(out)) return std::nullopt;
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (char const c : text) {
    bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      auto const byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

core::Result<Fields> parse_form(std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    auto const end = std::min(text.find('&'), text.size());
    auto const pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (fields.size() == form_fields_max) {
      return fail(Errc::limit, "form.fields",
                  {"参数过多：最多 " + std::to_string(form_fields_max) + " 个。",
                   "Too many parameters: at most " + std::to_string(form_fields_max) + "."});
    }
    auto const eq = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, eq), true);
    auto value = percent_decode(pair.substr(std::min(eq + 1, pair.size())), true);
    if (!name || !value) return bad_escape(name.value_or(""));
    fields.add(std::move(*name), std::move(*value));
  }
  return fields;
}

core::Result<Target> parse_target(std::string_view target) {
  target = without_authority(target);
  auto const question = std::min(target.find('?'), target.size());
  auto path = target.substr(0, question);
  if (path.empty()) path = "/";
  if (path.front() != '/') return bad_target();
  Target out;
  while (!path.empty()) {
    path.remove_prefix(1);
    auto const end = std::min(path.find('/'), path.size());
    auto segment = percent_decode(path.substr(0, end), false);
    if (!segment || *segment == "." || *segment == "..") return bad_target();
    out.path += '/';
    out.path += *segment;
    out.segments.push_back(std::move(*segment));
    path.remove_prefix(end);
  }
  ZHILI_TRY(out.query, parse_form(target.substr(std::min(question + 1, target.size()))));
  return out;
}

core::Result<Form> read_form(Request const& request, MultipartLimits const& limits) {
  auto const type = request.content_type();
  Form form;
  if (type == "application/x-www-form-urlencoded") {
    ZHILI_TRY(form.fields, parse_form(request.body));
    return form;
  }
  if (type != "multipart/form-data") {
    return fail(Errc::invalid, "body.type",
                {"请求正文须为 application/x-www-form-urlencoded 或 multipart/form-data。",
                 "The body must be application/x-www-form-urlencoded or multipart/form-data."});
  }
  ZHILI_TRY(auto parts, parse_multipart(request.body, *request.headers.get("content-type"), limits));
  for (auto& part : parts) {
    if (part.filename) {
      form.files.push_back(std::move(part));
    } else {
      if (!is_clean_utf8(part.content)) return bad_escape(part.name);
      form.fields.add(std::move(part.name), std::string(part.content));
    }
  }
  return form;
}

}  // namespace zhili::web
