#include <fmt/format.h>

#include <string_view>

#include "sheet/sheet.hpp"

namespace zhili::sheet {

namespace {

constexpr std::string_view line_end = "\r\n";

bool looks_like_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

void add_text(std::string& out, std::string_view text) {
  bool const quoted = text.find_first_of("\",\r\n") != std::string_view::npos || looks_like_formula(text);
  if (!quoted) {
    out += text;
    return;
  }
  out += '"';
  if (looks_like_formula(text)) out += '\'';
  for (char const c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

struct AddValue {
  std::string& out;
  void operator()(std::monostate) const {}
  void operator()(std::int64_t number) const { out += std::to_string(number); }
  void operator()(double number) const { out += fmt::format("{:.6g}", number); }
  void operator()(std::string const& text) const { add_text(out, text); }
};

}  // namespace

void add_csv_row(std::string& out, std::span<Value const> row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += ',';
    std::visit(AddValue{out}, row[i]);
  }
  out += line_end;
}

std::string csv(Sheet const& sheet) {
  std::string out(csv_mark);
  for (auto const& note : sheet.notes) {
    add_text(out, note);
    out += line_end;
  }
  for (std::size_t i = 0; i < sheet.columns.size(); ++i) {
    if (i > 0) out += ',';
    add_text(out, sheet.columns[i].title);
  }
  out += line_end;
  for (auto const& row : sheet.rows) add_csv_row(out, row);
  return out;
}

}  // namespace zhili::sheet
