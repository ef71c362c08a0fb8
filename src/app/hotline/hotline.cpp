#include "app/hotline/hotline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/ledger.hpp"

namespace zhili::app {

using core::Errc;
using core::fail;
using store::json_quoted;

core::Result<HotlineProfile const*> Hotlines::profile(std::string_view hotline) const {
  auto const found = std::ranges::find(profiles_, hotline, &HotlineProfile::name);
  if (found != profiles_.end()) return &*found;
  return fail(Errc::not_found, "hotline.unknown",
              {fmt::format("没有热线“{}”的对照表。请放到 DATA/hotlines/。", hotline), fmt::format("There is no profile of a hotline \"{}\": put it into DATA/hotlines/.", hotline)}, "hotline");
}

/// true: taken now; false: its number was taken before.
core::Result<bool> Hotlines::take_one(HotlineProfile const& profile, WorkOrder const& order) {
  constexpr auto* known = "SELECT 1 FROM hotline_order WHERE hotline = ? AND number = ?";
  ZHILI_TRY(auto const before, db_.read([&](store::Reader& r) { return r.value<std::int64_t>(known, profile.name, order.number); }));
  if (before) return false;
  auto const made = reports_.make(order.report, "hotline", [&](store::Writer& w, std::int64_t signal) -> core::Result<> {
    if (w.value<std::int64_t>(known, profile.name, order.number)) return fail(Errc::conflict, "order.known", {"这张工单已经收下。", "This order was taken before."}, "number");
    w.append({core::EventKind::hotline_order_taken, signal, "hotline:" + profile.name,
              fmt::format(R"({{"hotline":{},"number":{},"secret":{}}})", json_quoted(profile.name), json_quoted(order.number), order.secret)});
    w.exec("INSERT INTO hotline_order (hotline, number, signal_id, taken_at, secret) VALUES (?,?,?,?,?)", profile.name, order.number, signal, w.now(), order.secret);
    return {};
  });
  if (made) return true;
  if (made.error().key == "order.known") return false;
  return fail(made.error());
}

core::Result<HotlineOutcome> Hotlines::take(std::string_view hotline, std::string_view file) {
  ZHILI_TRY(auto const* profile_of, profile(hotline));
  HotlineOutcome out;
  auto const reject = [&](std::uint64_t line, core::Error why) {
    ++out.rejected;
    if (out.rejects.size() < hotline_rejects_told_max) out.rejects.push_back({line, std::move(why)});
  };
  ZHILI_CHECK(read_orders(file, *profile_of, [&](std::uint64_t line, core::Result<WorkOrder> order) {
    if (!order) return reject(line, std::move(order).error());
    auto const taken = take_one(*profile_of, *order);
    if (!taken) return reject(line, taken.error());
    ++(*taken ? out.taken : out.known);
  }));
  return out;
}

}  // namespace zhili::app
