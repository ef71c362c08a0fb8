// A hotline's file of work orders with anything in it, as CSV and as JSON: each row is an order or an error that names a column and says
// both languages; an order is one that may be taken; and what was read can be written in the other form and read again.
#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "app/hotline/orders.hpp"

namespace {

using zhili::app::HotlineProfile;
using zhili::app::WorkOrder;

HotlineProfile profile_of(HotlineProfile::Format format) {
  HotlineProfile out;
  out.name = "fuzz";
  out.format = format;
  out.columns = {.number = "no", .type = "type", .caller = "name", .phone = "tel", .secret = "secret", .address = "at", .lat = "lat", .lon = "lon", .words = "words"};
  out.secret_words = {"yes"};
  out.types = {{"water", "0509"}, {"lamp", "0102"}};
  return out;
}

bool is_said(zhili::core::Error const& error) { return !error.key.empty() && !error.text.zh.empty() && !error.text.en.empty() && !error.field.empty(); }

void hold(WorkOrder const& order) {
  auto const& report = order.report;
  if (order.number.empty() || (report.item != "0509" && report.item != "0102")) std::abort();
  if (!report.place && report.address.empty()) std::abort();
  if (report.place && (report.place->lat_e7 < -900'000'000 || report.place->lat_e7 > 900'000'000)) std::abort();
}

std::vector<WorkOrder> read(std::string_view file, HotlineProfile const& profile) {
  std::vector<WorkOrder> out;
  std::uint64_t last = 0;
  std::size_t rows = 0;
  auto const done = zhili::app::read_orders(file, profile, [&](std::uint64_t line, zhili::core::Result<WorkOrder> order) {
    // A record that is broken has no line of its own.
    if (++rows > file.size() + 1 || (order && line <= last)) std::abort();
    last = std::max(last, line);
    if (!order && (order.error().text.zh.empty() || order.error().text.en.empty())) std::abort();
    if (!order) return;
    hold(*order);
    out.push_back(std::move(*order));
  });
  if (!done && (!is_said(done.error()) || !out.empty())) std::abort();
  return out;
}

/// The orders as the other hotline would write them in JSON.
std::string as_json(std::vector<WorkOrder> const& orders) {
  boost::json::array list;
  for (auto const& order : orders) {
    auto const& report = order.report;
    boost::json::object one{{"no", order.number}, {"type", report.item == "0509" ? "water" : "lamp"}, {"name", report.name}, {"tel", report.phone},
                            {"secret", order.secret ? "yes" : ""}, {"at", report.address}, {"words", report.words}};
    if (report.place) {
      one["lat"] = std::to_string(report.place->lat());
      one["lon"] = std::to_string(report.place->lon());
    }
    list.push_back(std::move(one));
  }
  return boost::json::serialize(list);
}

bool are_equal(WorkOrder const& a, WorkOrder const& b) {
  return a.number == b.number && a.secret == b.secret && a.report.item == b.report.item && a.report.address == b.report.address && a.report.words == b.report.words &&
         a.report.name == b.report.name && a.report.phone == b.report.phone && a.report.place.has_value() == b.report.place.has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  static auto const csv = profile_of(HotlineProfile::Format::csv);
  static auto const json = profile_of(HotlineProfile::Format::json);
  std::string_view const file(reinterpret_cast<char const*>(data), size);
  for (auto const* profile : {&csv, &json}) {
    auto const orders = read(file, *profile);
    auto const again = read(as_json(orders), json);
    if (!std::ranges::equal(orders, again, are_equal)) std::abort();
  }
  return 0;
}
