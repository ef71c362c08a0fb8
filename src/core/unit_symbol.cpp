#include <algorithm>
#include <array>

#include "core/unit_table.hpp"

namespace zhili::core {

namespace {

using unit_table::find_atom;
using unit_table::read_word;
using unit_table::UnitAlias;
using std::string_view;

/// A word of a code and how people write it.
constexpr auto unit_symbols = std::to_array<UnitAlias>({
    {"Cel", "℃"}, {"[degF]", "°F"}, {"[pH]", "pH"}, {"dB[SPL]", "dB"}, {"dB(A)", "dB(A)"}, {"dB[mW]", "dBm"}, {"deg", "°"}, {"Ohm", "Ω"}, {"10*", "10"}, {"10^", "10"}, {"[in_i]", "in"}, {"[ft_i]", "ft"}, {"[mi_i]", "mi"}, {"[lb_av]", "lb"}, {"[kn_i]", "kn"}, {"[gal_us]", "gal"}, {"By", "B"},
});

std::string symbol_of_word(string_view word) {
  for (auto const& symbol : unit_symbols)
    if (symbol.said == word) return std::string(symbol.code);
  std::string out;
  if (word.size() > 1 && word.front() == 'u' && find_atom(word) == nullptr && read_word(word)) {
    out = "µ";
    word.remove_prefix(1);
  }
  if (word.ends_with("Ohm")) return out + std::string(word.substr(0, word.size() - 3)) + "Ω";
  for (char const c : word)
    if (c != '[' && c != ']') out += c;
  return out;
}

constexpr std::array<string_view, 10> superscripts{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

}  // namespace

std::string unit_symbol(std::string_view code) {
  if (code.size() > max_unit_bytes || code == "1") return {};
  for (auto const& alias : unit_table::unit_aliases)
    if (alias.said == code) code = alias.code;
  for (auto const& scale : unit_table::unit_scales)
    if (scale.code == code) return symbol_of_word(code);
  std::string out;
  for (std::size_t at = 0; at < code.size();) {
    char const c = code[at];
    bool const power_of_ten = code.substr(at).starts_with("10*") || code.substr(at).starts_with("10^");
    if (c == '{') {
      at = std::min(code.find('}', at), code.size() - 1) + 1;
    } else if (c == '}') {
      ++at;
    } else if (c == '.') {
      out += "·";
      ++at;
    } else if (!power_of_ten && ((c >= '0' && c <= '9') || c == '-' || c == '+')) {
      bool const exponent = at > 0 && string_view("./(").find(code[at - 1]) == string_view::npos && !out.empty();
      if (c == '-' || c == '+')
        out += c == '-' ? "⁻" : "";
      else if (exponent)
        out += superscripts.at(static_cast<std::size_t>(c - '0'));
      else
        out += c;
      ++at;
      for (; exponent && at < code.size() && code[at] >= '0' && code[at] <= '9'; ++at) out += superscripts.at(static_cast<std::size_t>(code[at] - '0'));
      for (; !exponent && at < code.size() && code[at] >= '0' && code[at] <= '9'; ++at) out += code[at];
    } else if (c == '/' || c == '(' || c == ')') {
      out += c;
      ++at;
    } else {
      auto end = power_of_ten ? at + 3 : at;
      for (bool inside = false; !power_of_ten && end < code.size(); ++end) {
        inside = code[end] == '[' || (inside && code[end] != ']');
        if (!inside && string_view("./(){}+-0123456789").find(code[end]) != string_view::npos) break;
      }
      out += symbol_of_word(code.substr(at, end - at));
      at = end;
    }
  }
  return out;
}

}  // namespace zhili::core
