#pragma once
// Conditions and orders as bound SQL.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "sense/things/dialect.hpp"
#include "sense/things/observation_source.hpp"
#include "sense/things/query.hpp"
#include "store/db.hpp"

namespace zhili::sense::things {

/// Rows that are put in an order that SQL cannot make: by distance.
inline constexpr std::size_t ordered_by_look_max = 2'000;
/// Rows that are looked at one by one where SQL cannot decide (shapes; times inside of JSON).
inline constexpr std::size_t looked_at_max = 100'000;
/// Observations that are looked at to find the datastreams or observations that a filter wants.
inline constexpr std::size_t observations_looked_at_max = 2'000'000;

/// What a filter is made for. The pieces outlive the work.
struct FilterParts {
  store::Reader& reader;
  Dialect dialect;
  Viewer viewer;
  ObservationSource const* observations;  ///< null: conditions on Observations are refused
};

/// One value by which rows are ordered.
struct SqlKey {
  Sql value;
  bool text = false;
  bool descending = false;
};

/// A row of an entity in a statement.
struct Place {
  EntityType type;
  std::string alias;
};

/// Rows that are reached from another row by links: " FROM" what, and how they meet; the last one.
struct Chain {
  std::string from;
  std::string where;
  Place last;
};

/// The value of a path's property as columns give it: of a time two.
Datum datum_of(store::Value const& first, store::Value const& second, Path const& path);

/// Makes SQL of conditions on rows of one entity. One for each statement: aliases are numbered.
class FilterSql {
 public:
  FilterSql(FilterParts const& parts, EntityType type, std::string alias) : parts_(parts), root_{type, std::move(alias)} {}

  /// What is known of the rows beforehand ("t0.thing = ?"): fewer are looked at one by one.
  void only(Sql known) { base_ = std::move(known); }
  /// A condition. Shapes are decided here and now, so it can take some time. Errors: invalid (paths that cannot be combined), limit
  /// (looked_at_max), those of the database and the store of observations.
  core::Result<Sql> condition(Expr const& expr);
  /// The values of an order, of the rows that condition() leaves, which is asked first. Errors: as condition().
  core::Result<std::vector<SqlKey>> keys(std::vector<OrderKey> const& order);

 private:
  using Links = std::vector<Link const*>;
  /// Which row each path means inside of one comparison.
  struct Scope {
    Place own;
    std::vector<std::pair<Links, Place>> ways = {};
  };
  struct Times {
    Sql begin, end;
  };
  core::Result<Sql> condition(Expr const& expr, Place const& at);
  core::Result<Sql> leaf(Expr const& expr, Place const& at);
  core::Result<Sql> looked_at(Expr const& expr, Place const& at);
  core::Result<Sql> through_observations(Expr const& expr, Links const& links, Place const& at);
  core::Result<Sql> observed(Expr const& expr, Links const& after, Place const& at);
  core::Result<std::vector<Id>> with_observations(Expr const& expr, Links const& before);
  core::Result<Sql> looked_up(Expr const& expr);
  void look_at(Expr const& expr, Place const& at, Sql const& more, std::size_t most, std::function<void(Id, Datum const&)> const& visit, std::size_t& seen);
  /// A leaf whose paths all begin with the same links, on the row to which these lead.
  core::Result<Sql> leaf_at(Expr const& expr, Links const& links, Place const& at, std::function<core::Result<Sql>(Expr const&, Place const&)> const& inner);
  Chain chain(Links const& links, Place const& at);
  std::string next_alias() { return "n" + std::to_string(++aliases_); }
  Sql candidates(std::string const& columns, Place const& at, Sql const& more);

  Sql boolean(Expr const& expr, Scope const& scope);
  Sql comparison(Expr const& expr, Scope const& scope);
  Sql time_comparison(Expr const& expr, Scope const& scope);
  Sql number(Expr const& expr, Scope const& scope);
  Sql text(Expr const& expr, Scope const& scope);
  Sql truth(Expr const& expr, Scope const& scope);
  Times times(Expr const& expr, Scope const& scope);
  Sql absent(Expr const& expr, Scope const& scope);
  Sql column(Path const& path, Scope const& scope) const;

  FilterParts const& parts_;
  Place root_;
  int aliases_ = 0;
  Sql base_ = {};
  Sql narrowed_ = {};  // what is known of the root's rows already, for looking at few of them
};

/// " AND "-joins what is not empty.
Sql all_of(std::vector<Sql> const& conditions);

/// How a row of one entity is found from a row of another: "n1.thing = t0.id". `beside`: a table that stands between; empty: none.
struct Joint {
  std::string beside = {};
  std::string condition;
};
Joint joint(Link const& link, std::string_view from, std::string_view to, std::string_view between);

/// An error of the database where it is the filter's own: PostgreSQL refuses to compute numbers that are too large.
core::Error as_filter_error(core::Error error, bool filtered);

}  // namespace zhili::sense::things
