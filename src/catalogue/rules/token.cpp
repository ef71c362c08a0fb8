#include "catalogue/rules/token.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace zhili::catalogue::rules {

namespace {

constexpr std::array reserved_words{"and", "or", "not", "then", "within", "for", "times", "no", "from", "of", "any", "all", "between", "on", "when", "to", "true", "false", "value"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank_char(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }
bool begins_unit(char c) { return is_letter(c) || c == '%' || c == '[' || c == '{' || static_cast<unsigned char>(c) >= 0x80U; }

class Cutter {
 public:
  Cutter(std::string_view text, Spot begin) : text_(text), begin_(begin) {}

  Checked<std::vector<Token>> all() {
    if (text_.size() > condition_bytes_max) {
      return mistaken(begin_, "rule.condition.long", {fmt::format("条件有 {} 字节，最多 {}", text_.size(), condition_bytes_max), fmt::format("the condition has {} bytes, at most {}", text_.size(), condition_bytes_max)},
                      {"拆成几条规则", "make several rules of it"});
    }
    std::vector<Token> out;
    while (skip()) {
      auto one = next();
      if (!one) return tl::unexpected(std::move(one).error());
      out.push_back(*one);
      if (out.size() > condition_tokens_max) {
        return mistaken(out.back().at, "rule.condition.long", {fmt::format("条件超过 {} 个词", condition_tokens_max), fmt::format("the condition has more than {} words", condition_tokens_max)},
                        {"拆成几条规则", "make several rules of it"});
      }
    }
    out.push_back({.type = Token::Type::end, .text = {}, .number = 0, .at = spot()});
    return out;
  }

 private:
  Spot spot() const { return {begin_.line, begin_.column + characters_}; }
  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  void step(std::size_t bytes) {
    for (std::size_t end = pos_ + bytes; pos_ < end; ++pos_)
      if (!continues_character(text_[pos_])) ++characters_;
  }
  bool skip() {
    while (pos_ < text_.size() && is_blank_char(text_[pos_])) step(1);
    return pos_ < text_.size();
  }

  Checked<Token> next() {
    char const c = text_[pos_];
    if (is_digit(c)) return number();
    if (is_letter(c)) return name();
    if (c == '"' || c == '\'') return quoted();
    return symbol();
  }

  Checked<Token> name() {
    std::size_t end = pos_;
    while (is_letter(at(end)) || is_digit(at(end)) || at(end) == '_' || (at(end) == '-' && (is_letter(at(end + 1)) || is_digit(at(end + 1))))) ++end;
    return take(Token::Type::name, end - pos_);
  }

  Checked<Token> quoted() {
    auto const close = text_.find(text_[pos_], pos_ + 1);
    if (close == std::string_view::npos) {
      return mistaken(spot(), "rule.text.open", {"引号没有结束", "the quotation mark is never closed"}, {"在词的后面写同样的引号", "write the same mark after the word"});
    }
    Token out{.type = Token::Type::text, .text = text_.substr(pos_ + 1, close - pos_ - 1), .number = 0, .at = spot()};
    step(close + 1 - pos_);
    return out;
  }

  Checked<Token> symbol() {
    static constexpr std::array<std::string_view, 14> known{"!=", "<=", ">=", "≤", "≥", "(", ")", ",", "+", "-", "*", "/", "<", ">"};
    if (text_[pos_] == '=') return take(Token::Type::symbol, at(pos_ + 1) == '=' ? 2 : 1);
    for (auto const one : known)
      if (text_.substr(pos_).starts_with(one)) return take(Token::Type::symbol, one.size());
    std::size_t bytes = 1;
    while (continues_character(at(pos_ + bytes))) ++bytes;
    return mistaken(spot(), "rule.sign.unknown", {fmt::format("看不懂“{}”", text_.substr(pos_, bytes)), fmt::format("“{}” means nothing here", text_.substr(pos_, bytes))},
                    {"比较用 = != < <= > >=，计算用 + - * /，文字放在引号里", "compare with = != < <= > >=, reckon with + - * /, put texts into quotation marks"});
  }

  Checked<Token> take(Token::Type type, std::size_t bytes) {
    Token out{.type = type, .text = text_.substr(pos_, bytes), .number = 0, .at = spot()};
    step(bytes);
    return out;
  }

  Checked<Token> number() {
    Token out{.type = Token::Type::number, .text = {}, .number = 0, .at = spot()};
    char const* const from = text_.data() + pos_;
    auto const [end, bad] = std::from_chars(from, text_.data() + text_.size(), out.number);
    auto const bytes = static_cast<std::size_t>(end - from);
    if (bad != std::errc{} || !std::isfinite(out.number)) {
      return mistaken(out.at, "rule.number", {"这个数太大", "this number is too large"}, {"写小一些的数", "write a smaller one"});
    }
    if (at(pos_ + bytes) == ':') return time();
    step(bytes);
    auto const unit_from = pos_;
    auto const characters = characters_;
    skip();
    auto const unit = unit_bytes();
    if (unit == 0) {
      pos_ = unit_from;
      characters_ = characters;
      return out;
    }
    out.text = text_.substr(pos_, unit);
    step(unit);
    return out;
  }

  /// Of the unit that begins here; 0: there is none.
  std::size_t unit_bytes() const {
    if (pos_ >= text_.size() || !begins_unit(text_[pos_]) || text_.substr(pos_).starts_with("≤") || text_.substr(pos_).starts_with("≥")) return 0;
    std::size_t word = pos_;
    while (is_letter(at(word)) || at(word) == '-' || at(word) == '_') ++word;
    if (is_reserved(text_.substr(pos_, word - pos_))) return 0;
    int open = 0;
    std::size_t end = pos_;
    for (; end < text_.size(); ++end) {
      char const c = text_[end];
      if (c == '(' || c == '{' || c == '[') ++open;
      if (c == ')' || c == '}' || c == ']') {
        if (open == 0) break;
        --open;
      }
      if (is_blank_char(c) || c == ',' || c == '<' || c == '>' || c == '=' || c == '!' || c == '+' || c == '"') break;
      if (c == '-' && !is_digit(at(end + 1))) break;
      if (text_.substr(end).starts_with("≤") || text_.substr(end).starts_with("≥")) break;
    }
    return end - pos_;
  }

  Checked<Token> time() {
    Token out{.type = Token::Type::time, .text = {}, .number = 0, .at = spot()};
    int hour = -1, minute = -1;
    char const* const last = text_.data() + text_.size();
    auto const [colon, bad_hour] = std::from_chars(text_.data() + pos_, last, hour);
    auto const [end, bad_minute] = colon < last && *colon == ':' ? std::from_chars(colon + 1, last, minute) : std::from_chars_result{colon, std::errc::invalid_argument};
    if (bad_hour != std::errc{} || bad_minute != std::errc{} || end - colon != 3 || hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60) {
      return mistaken(out.at, "rule.time", {"时刻不对", "this is no time of day"}, {"写成 22:00 或 06:30，到 24:00 为止", "write 22:00 or 06:30, up to 24:00"});
    }
    out.number = hour * 3600 + minute * 60;
    step(static_cast<std::size_t>(end - text_.data()) - pos_);
    return out;
  }

  std::string_view text_;
  Spot begin_;
  std::size_t pos_ = 0;
  int characters_ = 0;
};

}  // namespace

bool is_reserved(std::string_view word) { return std::ranges::find(reserved_words, word) != reserved_words.end(); }

Checked<std::vector<Token>> cut(std::string_view text, Spot begin) { return Cutter(text, begin).all(); }

}  // namespace zhili::catalogue::rules
