#pragma once
// Keeps what evaluation counts: follows the ledger and moves each changed signal and case between the cells.

#include <memory>
#include <string>

#include "catalogue/catalogue.hpp"
#include "core/calendar.hpp"
#include "respond/evaluation/sums_at.hpp"
#include "store/db.hpp"

namespace zhili::respond::evaluation {

/// Ledger entries that are counted in one piece of work. More would keep other writers waiting.
inline constexpr std::int64_t entries_per_piece = 20'000;
/// Part of what counted rows are named by: a change of how facts are read raises it, and everything is counted anew.
inline constexpr int facts_version = 5;

/// What the kept position says of how it was counted, with the maps from old codes of items to new ones: another text, and all
/// is counted anew.
std::string counted_by(core::Zone const& zone, catalogue::Catalogue const& catalogue);

/// Up to where is counted.
struct Position {
  store::Seq seq = 0;
  store::Seq last = 0;  ///< of the ledger
  bool complete() const { return seq >= last; }
};
Position position(store::Reader& reader);

/// Thread-safe, in any number of processes: a piece whose beginning somebody else has counted meanwhile changes nothing.
class Keeper {
 public:
  Keeper(store::Db& db, std::shared_ptr<catalogue::Catalogue const> catalogue, core::Calendar calendar, core::Zone zone);

  /// Counts the next piece, if there is any: reads in one snapshot, then writes rows, cells and position together, so that
  /// cells are always the sums of the rows. Gives where it stands. Errors: those of the store.
  core::Result<Position> follow();
  /// All that is there now.
  core::Result<> catch_up();

  /// What is counted at the end of the reader's ledger, however far this has followed. Errors: unavailable (more than
  /// entries_per_piece are still to be counted), those of the store. Cost: that of the entries that are still to be counted.
  core::Result<SumsAt> sums(store::Reader& reader) const;
  /// What was counted after that entry: every signal and case folded from its entries up to it. Cost: all of them; for checking.
  core::Result<SumsAt> sums_as_of(store::Reader& reader, store::Seq seq) const;

 private:
  struct Change;
  struct Piece;
  core::Result<Piece> read_piece(store::Reader& reader) const;
  static core::Result<> write_piece(store::Writer& writer, Piece const& piece);

  store::Db& db_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
  core::Calendar calendar_;
  core::Zone zone_;
  std::string counted_by_;
};

}  // namespace zhili::respond::evaluation
