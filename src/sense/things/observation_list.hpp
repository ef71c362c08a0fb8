#pragma once
// A page of Observations: which datastreams, which time, which of what is there, in which order. Used by Reading.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sense/things/reading.hpp"

namespace zhili::sense::things {

/// Observations that are put in an order that is not that of time.
inline constexpr std::size_t observations_sorted_max = 500'000;
/// Datastreams whose observations are merged in the order of time.
inline constexpr std::size_t datastreams_merged_max = 20'000;

class ObservationList {
 public:
  ObservationList(Reading& reading, std::optional<From> const& from, Query const& query)
      : reading_(reading), from_(from), query_(query), values_(reading.reader_, reading.features_) {}

  core::Result<Collection> read();

 private:
  enum class Order : std::uint8_t { by_stream, by_time, sorted };
  using Visit = std::function<bool(ObservationRow const&)>;  // false: enough

  core::Result<> prepare();
  core::Result<> find_streams();
  core::Result<> know(Expr const& expr, bool conjunct);
  bool wanted(ObservationRow const& row);
  core::Result<> each_by_stream(std::optional<After> const& after, Visit const& visit);
  core::Result<> each_by_time(std::optional<After> const& after, bool backwards, Visit const& visit);
  core::Result<> each(Visit const& visit);
  core::Result<> page_sorted(Collection& out, std::size_t top);
  core::Result<std::int64_t> count();
  core::Result<std::vector<ObservationRow>> step(Id stream, bool backwards, std::optional<ObservationPlace> const& after, std::size_t most);
  std::vector<Datum> sort_keys(ObservationRow const& row);
  After place(ObservationRow const& row);

  Reading& reading_;
  std::optional<From> const& from_;
  Query const& query_;
  Order order_ = Order::by_stream;
  bool backwards_ = false;
  std::vector<Id> streams_;
  TimeRange range_;
  std::optional<Id> id_;
  struct Those {
    bool of_feature = false;  // ids of features, not of datastreams
    std::set<Id> ids = {};
  };
  LinkedValues values_;
  std::map<Expr const*, Those> known_;  // conditions on what observations are linked to: for which it holds
  std::size_t looked_at_ = 0;
};

}  // namespace zhili::sense::things
