#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

#include "app/cli/verbs.hpp"
#include "app/runtime.hpp"
#include "store/ledger.hpp"

namespace zhili::app {

namespace {

/// One figure of a data directory.
struct Figure {
  char const* key;
  core::Text what;
  char const* sql;
};

Figure const figures[] = {
    {"signals", {"信号", "signals"}, "SELECT count(*) FROM signal"},
    {"incidents", {"事件", "incidents"}, "SELECT count(*) FROM incident"},
    {"cases", {"案卷", "cases"}, "SELECT count(*) FROM casefile"},
    {"cases_closed", {"已结案", "closed"}, "SELECT count(*) FROM casefile WHERE closed_at IS NOT NULL"},
    {"closed_on_time", {"按期结案", "closed on time"}, "SELECT count(*) FROM casefile WHERE closed_at <= due_at"},
    {"closed_late", {"超期结案", "closed late"}, "SELECT count(*) FROM casefile WHERE closed_at > due_at"},
    {"closed_no_promise", {"结案而无时限", "closed without a promise"},
     "SELECT count(*) FROM casefile WHERE closed_at IS NOT NULL AND due_at IS NULL"},
    {"contradictions", {"来源自相矛盾", "contradicted by their source"}, "SELECT count(*) FROM casefile WHERE contradiction <> 0"},
    {"unknown_location", {"地点不明", "location unknown"}, "SELECT count(*) FROM casefile WHERE location_unknown <> 0"},
};

/// Rows that imports could not take: of each file the last run counts, because a run reads the whole file.
std::int64_t quarantined(store::Reader& reader) {
  std::map<std::string, std::int64_t> last;
  reader.each<std::string>(
      "SELECT payload FROM ledger WHERE kind = ? ORDER BY seq",
      [&](std::string payload) {
        auto const value = boost::json::parse(payload);
        auto const& o = value.as_object();
        last[std::string(o.at("profile").as_string()) + '\0' + std::string(o.at("file").as_string())] =
            o.at("rejected").to_number<std::int64_t>();
      },
      core::EventKind::import_finished);
  std::int64_t sum = 0;
  for (auto const& [file, count] : last) sum += count;
  return sum;
}

}  // namespace

Exit info(InfoOptions const& options) {
  core::SystemTime const time;
  auto db = store::Db::open({.url = database_url(options.common), .readers = 1, .read_only = true}, time);
  if (!db) return say_failure(db.error(), options.common.lang);
  boost::json::object out;
  auto read = (*db)->read([&](store::Reader& reader) {
    for (auto const& figure : figures) out[figure.key] = reader.value<std::int64_t>(figure.sql).value_or(0);
    out["events"] = store::last_seq(reader);
    out["quarantined"] = quarantined(reader);
  });
  if (!read) return say_failure(read.error(), options.common.lang);
  if (options.json) {
    fmt::print("{}\n", boost::json::serialize(out));
    return Exit::done;
  }
  for (auto const& figure : figures)
    fmt::print("{:>12}  {}\n", out[figure.key].as_int64(), core::in(options.common.lang, figure.what));
  fmt::print("{:>12}  {}\n", out["events"].as_int64(), core::in(options.common.lang, {"账目", "ledger entries"}));
  fmt::print("{:>12}  {}\n", out["quarantined"].as_int64(), core::in(options.common.lang, {"退回的行", "rows rejected by imports"}));
  return Exit::done;
}

}  // namespace zhili::app
