// multipart/form-data as RFC 7578 has it.
#include "web/form.hpp"
#include "web/transport/ascii.hpp"
#include "web/utf8.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

namespace multipart {

constexpr std::size_t boundary_max = 70;  // RFC 2046, 5.1.1

auto broken(std::string detail) {
  return fail(
      Errc::invalid, "form.multipart",
      {"multipart/form-data 正文结构有误或不完整。", "The multipart/form-data body is broken or cut off."},
      {}, std::move(detail));
}

/// A parameter of a header such as `form-data; name="photo"; filename="a.jpg"`; quoted or not.
std::optional<std::string> parameter(std::string_view header, std::string_view wanted) {
  ascii::take(header, ';');
  while (!header.empty()) {
    auto const eq = header.find('=');
    if (eq == std::string_view::npos) return std::nullopt;
    auto const name = ascii::trim(header.substr(0, eq));
    header = header.substr(eq + 1);
    std::string value;
    if (header.starts_with('"')) {
      std::size_t i = 1;
      for (; i < header.size() && header[i] != '"'; ++i) {
        // Browsers write a quote as %22 and a backslash as it is; old clients escape the quote.
        if (header[i] == '\\' && i + 1 < header.size() && header[i + 1] == '"') ++i;
        value += header[i];
      }
      if (i >= header.size()) return std::nullopt;
      header.remove_prefix(i + 1);
      ascii::take(header, ';');
    } else {
      value = ascii::trim(ascii::take(header, ';'));
    }
    if (ascii::same(name, wanted)) return value;
  }
  return std::nullopt;
}

core::Result<std::string> boundary_of(std::string_view content_type) {
  auto boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > boundary_max)
    return fail(Errc::invalid, "form.boundary",
                {"multipart/form-data 缺少有效的 boundary。", "multipart/form-data needs a valid boundary."});
  for (char const c : *boundary)
    if (!ascii::is_visible(c) && c != ' ')
      return fail(Errc::invalid, "form.boundary",
                  {"multipart/form-data 的 boundary 含不允许的字符。",
                   "The boundary of multipart/form-data has characters that are not allowed."});
  return std::move(*boundary);
}

core::Result<Part> read_head(std::string_view head) {
  Part part;
  bool named = false;
  while (!head.empty()) {
    auto const end = std::min(head.find("\r\n"), head.size());
    auto const line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) return broken("header line without a colon");
    auto const value = ascii::trim(line.substr(colon + 1));
    if (ascii::same(line.substr(0, colon), "content-disposition")) {
      auto name = parameter(value, "name");
      if (!name || named || !ascii::same(ascii::trim(value.substr(0, value.find(';'))), "form-data"))
        return broken("content-disposition");
      part.name = std::move(*name);
      part.filename = parameter(value, "filename");
      named = true;
    } else if (ascii::same(line.substr(0, colon), "content-type")) {
      part.type = ascii::lower(ascii::trim(value.substr(0, value.find(';'))));
    }
  }
  if (!named || !is_clean_utf8(part.name) || !is_clean_utf8(part.filename.value_or("")))
    return broken("name of a part");
  return part;
}

}  // namespace multipart

core::Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view content_type,
                                                MultipartLimits const& limits) {
  ZHILI_TRY(auto const boundary, multipart::boundary_of(content_type));
  auto const delimiter = "\r\n--" + boundary;
  std::vector<Part> parts;
  if (!body.starts_with(std::string_view(delimiter).substr(2)))
    return multipart::broken("no opening boundary");
  body.remove_prefix(delimiter.size() - 2);
  while (!body.starts_with("--")) {
    if (!body.starts_with("\r\n")) return multipart::broken("after a boundary");
    if (parts.size() == limits.parts_max) {
      return fail(Errc::limit, "form.parts",
                  {"表单项过多：最多 " + std::to_string(limits.parts_max) + " 项。",
                   "Too many parts: at most " + std::to_string(limits.parts_max) + "."});
    }
    body.remove_prefix(2);
    auto const head_end = body.substr(0, limits.head_bytes_max + 4).find("\r\n\r\n");
    if (head_end == std::string_view::npos) return multipart::broken("head of a part cut off or too long");
    ZHILI_TRY(auto part, multipart::read_head(body.substr(0, head_end)));
    // The blank line's own end may be the start of the delimiter when the content is empty.
    auto const end = body.find(delimiter, head_end + 2);
    if (end == std::string_view::npos) return multipart::broken("cut off");
    if (end > head_end + 2) part.content = body.substr(head_end + 4, end - head_end - 4);
    if (part.content.size() > limits.part_bytes_max) {
      return fail(Errc::limit, "form.part_bytes",
                  {"单个文件过大：最大 " + std::to_string(limits.part_bytes_max >> 20) + " MiB。",
                   "One file is too large: at most " + std::to_string(limits.part_bytes_max >> 20) + " MiB."},
                  part.name);
    }
    parts.push_back(std::move(part));
    body.remove_prefix(end + delimiter.size());
  }
  return parts;
}

}  // namespace zhili::web
