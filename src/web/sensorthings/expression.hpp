#pragma once
// Reading expressions: what $filter and $orderby have in common. Used by url.cpp and options.cpp only.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/sensorthings/url.hpp"

namespace zhili::web::sensorthings {

/// An error of a query option: says at which character (from 1) of which option, and what is wrong.
tl::unexpected<core::Error> bad_option(std::string_view option, std::string_view text, std::size_t at, core::Text what);

/// A function of the standard: its name, what it takes, what it gives.
struct Function {
  std::string_view name;
  things::Op op;
  things::Type gives;
  std::vector<things::Type> takes;
};
/// All with this name; they differ in what they take.
std::vector<Function> functions_named(std::string_view name);

/// Whether an expression of type `is` can stand where `wanted` is.
bool suits(things::Type is, things::Type wanted);
/// "number", with its Chinese word.
core::Text name_of(things::Type type);

struct Operator {
  std::string_view word;
  things::Op op;
};

/// One reader of one text. Functions give the error that came first.
class ExpressionReader {
 public:
  ExpressionReader(std::string_view text, std::string_view option, things::EntityType type, core::Instant now)
      : text_(text), option_(option), entity_(things::entity(type)), now_(now) {}

  /// The whole text as a condition.
  core::Result<things::Expr> condition();
  /// One key of $orderby at the position.
  core::Result<things::Expr> order_key();
  /// `asc`, `desc`, or nothing; true: descending.
  core::Result<bool> direction();
  /// Takes a comma; false: the text has ended. Anything else is an error.
  core::Result<bool> comma();

 private:
  using Made = core::Result<things::Expr>;
  Made disjunction();
  Made conjunction();
  Made negation();
  /// Operands with operators of one rank between them, from the left.
  Made chained(std::span<Operator const> operators, Made (ExpressionReader::*next)());
  Made comparison();
  Made sum();
  Made product();
  Made unary();
  Made primary();
  Made word();
  Made call(std::string_view name, std::size_t at);
  Made path(std::size_t at);
  Made quoted_text(std::size_t at);
  Made geography(std::size_t at);
  Made number_or_time();
  Made number(std::size_t at, std::string_view chars);
  Made time_literal(std::size_t at, std::string_view chars);

  core::Result<> check_order(things::Expr const& expr) const;
  Made typed(things::Op op, std::size_t at, std::vector<things::Expr> args);
  Made boolean(Made made);
  /// Counts what is made, so that a short text cannot make a large tree.
  core::Result<things::Expr> counted(things::Expr made);
  core::Result<std::string> quoted();
  std::string_view take_word(bool key);
  bool take_operator(std::string_view word);
  bool take(char c);
  void blanks();
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  tl::unexpected<core::Error> bad(std::size_t at, core::Text what) const { return bad_option(option_, text_, at, std::move(what)); }
  tl::unexpected<core::Error> unexpected_here();

  std::string_view text_;
  std::string_view option_;
  things::Entity const& entity_;
  core::Instant now_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace zhili::web::sensorthings
