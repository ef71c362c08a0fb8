#pragma once
// Inside of evaluation: its tables, written and read.

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "respond/evaluation/subjects.hpp"
#include "store/db.hpp"

namespace zhili::respond::evaluation {

/// The numbers of codes, given as they come.
class KeyBook {
 public:
  explicit KeyBook(store::Writer& writer);
  Counted counted(Subject const& subject);

 private:
  std::int64_t number(Dimension dimension, std::string const& code);
  store::Writer& writer_;
  std::array<std::unordered_map<std::string, std::int64_t>, dimension_slots> known_;
  std::int64_t last_ = 0;
};

std::map<std::int64_t, Counted> counted_rows(store::Reader& reader, std::vector<std::int64_t> const& subjects);
/// Nothing: the row goes.
void put_row(store::Writer& writer, std::int64_t subject, std::optional<Counted> const& counted);
/// Adds to what is there; cells that are empty then go.
void put_cells(store::Writer& writer, CellSums const& moved);
void forget_all(store::Writer& writer);

}  // namespace zhili::respond::evaluation
