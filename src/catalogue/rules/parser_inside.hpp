#pragma once
// Inside of the language of rules: the parser's state, and one function for each line of the grammar.

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "catalogue/rules/parser.hpp"
#include "catalogue/rules/token.hpp"

namespace zhili::catalogue::rules {

inline Expr node(Op op, Type type, Spot at) {
  Expr out;
  out.op = op;
  out.type = type;
  out.at = at;
  return out;
}

inline Expr with_parts(Op op, Type type, Spot at, Expr one, std::optional<Expr> other = {}) {
  Expr out = node(op, type, at);
  out.parts.push_back(std::move(one));
  if (other) out.parts.push_back(std::move(*other));
  return out;
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Checked<Expr> whole() {
    auto out = condition();
    if (!out) return out;
    if (here().type != Token::Type::end) return wanted({"这里应当结束，或用 and、or 接上", "the condition ends here, or goes on with and or or"});
    return out;
  }

  Checked<Escalation> escalation() {
    Escalation out;
    if (take("to")) {
      auto const to = here().type == Token::Type::name ? severity_from(here().text) : std::nullopt;
      if (!to) return wanted<Escalation>({"这里写级别：info、warning、minor、major 或 critical", "a severity comes here: info, warning, minor, major or critical"});
      out.to = *to;
      ++pos_;
      if (take("when")) {
        auto when = whole();
        if (!when) return tl::unexpected(std::move(when).error());
        out.when = std::move(*when);
        return out;
      }
    }
    return wanted<Escalation>({"写成：to critical when value > 27 cm", "write: to critical when value > 27 cm"});
  }

 private:
  Token const& here() const { return tokens_[pos_]; }
  Token const& after() const { return tokens_[std::min(pos_ + 1, tokens_.size() - 1)]; }
  bool take(std::string_view word) {
    if (!here().is(word)) return false;
    ++pos_;
    return true;
  }
  template <class T = Expr>
  Checked<T> wanted(core::Text mend) const {
    auto const& token = here();
    if (token.type == Token::Type::end) return mistaken(token.at, "rule.syntax", {"条件没有写完", "the condition is not complete"}, std::move(mend));
    auto const shown = token.type == Token::Type::number ? fmt::format("{}", token.number) : token.type == Token::Type::time ? std::string("22:00") : std::string(token.text);
    return mistaken(token.at, "rule.syntax", {fmt::format("“{}”不该出现在这里", shown), fmt::format("“{}” cannot stand here", shown)}, std::move(mend));
  }

  /// Counts how deep we are as long as it lives.
  struct Deeper {
    explicit Deeper(int& depth) : depth_(depth) { ++depth_; }
    ~Deeper() { --depth_; }
    Deeper(Deeper const&) = delete;
    int& depth_;
  };
  Checked<Expr> too_deep() const {
    return mistaken(here().at, "rule.condition.deep", {fmt::format("括号和 not 超过 {} 层", condition_depth_max), fmt::format("more than {} levels of parentheses and not", condition_depth_max)},
                    {"拆成几条规则", "make several rules of it"});
  }

  Checked<Expr> condition();
  Checked<Expr> lasting();
  Checked<Expr> sequence();
  Checked<Expr> together();
  Checked<core::Duration> within(core::Text mend);
  Checked<Expr> single();
  Checked<Expr> silence();
  Checked<Expr> sensors();
  Checked<Expr> hours();
  Checked<Expr> days();

  // values (parser_values.cpp)
  Checked<Expr> comparison();
  Checked<Expr> sum();
  Checked<Expr> product();
  Checked<Expr> factor();
  Checked<Expr> negative(Spot at);
  Checked<Expr> count_of();
  Checked<Expr> call();
  Checked<Expr> closed(Expr out, std::string_view example);
  Checked<core::Duration> duration();

  std::vector<Token> tokens_;
  std::size_t pos_ = 0;
  int depth_ = 0;
};

}  // namespace zhili::catalogue::rules
