#pragma once
// Work orders of other hotlines become reports here, and what happens to them goes back as replies.

#include <string>
#include <string_view>
#include <vector>

#include "app/hotline/orders.hpp"
#include "app/hotline/profile.hpp"
#include "catalogue/installation.hpp"
#include "core/time.hpp"
#include "organise/calls/call_desk.hpp"
#include "store/db.hpp"

namespace zhili::app {

inline constexpr std::size_t hotline_replies_max = 1'000;      ///< of one answer
inline constexpr std::size_t hotline_entries_per_answer = 50'000;  ///< of the ledger, walked for one answer
inline constexpr std::size_t hotline_rejects_told_max = 1'000;

struct RejectedOrder {
  std::uint64_t line = 0;
  core::Error why;
};

struct HotlineOutcome {
  std::uint64_t taken = 0;
  std::uint64_t known = 0;  ///< taken before by the same number
  std::uint64_t rejected = 0;
  std::vector<RejectedOrder> rejects = {};  ///< the first of them
};

struct HotlineReplies {
  std::string text;    ///< in the hotline's own form
  bool json = false;   ///< else CSV
  std::size_t count = 0;
  store::Seq next = 0;  ///< ask with it for what comes after
  bool more = false;
};

/// Thread-safe. What it is given outlives it.
class Hotlines {
 public:
  Hotlines(store::Db& db, organise::ReportMaker& reports, catalogue::Installation const& installation, core::Zone zone, std::vector<HotlineProfile> profiles)
      : db_(db), reports_(reports), installation_(installation), zone_(std::move(zone)), profiles_(std::move(profiles)) {}

  /// Takes each order once, however often its file comes: its number and its report are on the disk together. Rows that cannot be
  /// taken are told with line and reason, and the rest goes on. Errors: not_found (the hotline), those of read_orders.
  core::Result<HotlineOutcome> take(std::string_view hotline, std::string_view file);

  /// What happened to the hotline's orders after an entry of the ledger, oldest first. Whoever asks on with `next` misses nothing
  /// and hears nothing twice. Errors: not_found (the hotline), invalid (the file's time format).
  core::Result<HotlineReplies> replies(std::string_view hotline, store::Seq after);

  std::vector<HotlineProfile> const& profiles() const { return profiles_; }

 private:
  core::Result<HotlineProfile const*> profile(std::string_view hotline) const;
  core::Result<bool> take_one(HotlineProfile const& profile, WorkOrder const& order);

  store::Db& db_;
  organise::ReportMaker& reports_;
  catalogue::Installation const& installation_;
  core::Zone zone_;
  std::vector<HotlineProfile> profiles_;
};

}  // namespace zhili::app
