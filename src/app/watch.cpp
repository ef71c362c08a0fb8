#include "app/watch.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "store/ledger.hpp"

namespace zhili::app {

namespace {

using Kind = web::Metrics::Kind;

/// A number that the database does not give counts as −1: there is no number of that kind.
constexpr double unknown = -1;

/// Adds gauges that ask the database.
struct Asking {
  web::Metrics& metrics;
  Service& service;

  void gauge(std::string name, std::string labels, std::string help, std::string sql) const {
    metrics.add(Kind::gauge, std::move(name), std::move(labels), std::move(help), [&of = service, sql = std::move(sql)] {
      auto const n = of.db().read([&](store::Reader& reader) { return reader.value<std::int64_t>(sql).value_or(0); });
      return n ? static_cast<double>(*n) : unknown;
    });
  }
};

void add_city(web::Metrics& metrics, Service& service) {
  metrics.add(Kind::counter, "zhili_ledger_head_seq", "", "Number of the last entry of the ledger.", [&service] {
    auto const last = service.db().read([](store::Reader& reader) { return store::last_seq(reader); });
    return last ? static_cast<double>(*last) : unknown;
  });
  Asking const ask{metrics, service};
  ask.gauge("zhili_signals", "", "Signals that are kept.", "SELECT count(*) FROM signal");
  using State = respond::CaseFilter::State;
  for (auto const state : {State::open, State::closed}) {
    auto const* const label = state == State::open ? "state=\"open\"" : "state=\"closed\"";
    metrics.add(Kind::gauge, "zhili_cases", label, "Cases that are kept, by whether somebody still has to act.", [&service, state] {
      respond::CaseFilter filter;
      filter.state = state;
      std::int64_t n = 0;
      for (auto const& one : service.case_index().count(filter, respond::CountBy::stage, service.runtime().time().now())) n += one.count;
      return static_cast<double>(n);
    });
  }
  ask.gauge("zhili_timers_pending", "", "Timers that have been set and not fired.", "SELECT count(*) FROM timer");
  metrics.add(Kind::gauge, "zhili_timers_late", "", "Timers that were due a minute ago or more and have not fired.", [&service] {
    auto const before = service.runtime().time().now() - std::chrono::minutes(1);
    auto const late = service.db().read([&](store::Reader& reader) {
      return reader.value<std::int64_t>("SELECT count(*) FROM timer WHERE due_at < ?", before).value_or(0);
    });
    return late ? static_cast<double>(*late) : unknown;
  });
}

void add_writer(web::Metrics& metrics, Service& service) {
  metrics.add_histogram("zhili_commit_seconds", "How long a commit took until it was on the disk.", [&service] {
    auto const stats = service.db().commit_stats();
    auto const& edges = store::CommitStats::edges_s;
    return web::Metrics::Distribution{{edges.begin(), edges.end()}, {stats.counts.begin(), stats.counts.end()}, stats.sum_s};
  });
  metrics.add(Kind::counter, "zhili_commit_pieces_total", "", "Pieces of work in those commits.",
              [&service] { return static_cast<double>(service.db().commit_stats().pieces); });
  metrics.add(Kind::gauge, "zhili_commit_waiting", "", "Pieces of work that wait for the writer.",
              [&service] { return static_cast<double>(service.db().commit_stats().waiting); });
}

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double size = 0;
  double resident = unknown;
  statm >> size >> resident;
  return statm ? resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) : unknown;
}

double open_files() {
  std::error_code failed;
  std::filesystem::directory_iterator const all("/proc/self/fd", failed);
  return failed ? unknown : static_cast<double>(std::distance(begin(all), end(all)));
}

void add_process(web::Metrics& metrics, Service& service) {
  auto const began = static_cast<double>(core::to_ms(core::SystemTime().now())) / 1000;
  metrics.add(Kind::gauge, "zhili_build_info", fmt::format("version=\"{}\",engine=\"{}\"", ZHILI_VERSION, service.db().engine()),
              "Always 1; the labels say which program serves, over which database.", [] { return 1.0; });
  metrics.add(Kind::gauge, "process_start_time_seconds", "", "When the process began, in seconds since 1970.", [began] { return began; });
  metrics.add(Kind::gauge, "process_resident_memory_bytes", "", "Memory of the process that is in RAM.", resident_bytes);
  metrics.add(Kind::gauge, "process_open_fds", "", "Files and sockets that the process has open.", open_files);
  metrics.add(Kind::gauge, "zhili_data_free_bytes", "", "Free space on the disk of the data directory.", [&service] {
    std::error_code failed;
    auto const space = std::filesystem::space(service.runtime().data(), failed);
    return failed ? unknown : static_cast<double>(space.available);
  });
}

}  // namespace

void add_metrics(web::Metrics& metrics, Service& service) {
  add_city(metrics, service);
  add_writer(metrics, service);
  add_process(metrics, service);
  metrics.add(Kind::gauge, "zhili_tiles_cached_bytes", "", "Bytes of map tiles that are kept in memory.",
              [&service] { return static_cast<double>(service.tiles().cached_bytes()); });
  metrics.add(Kind::gauge, "zhili_photos", "", "Photos in the photo store.", [&service] { return static_cast<double>(service.photos().size().files); });
  metrics.add(Kind::gauge, "zhili_photos_bytes", "", "Bytes of the photo store.", [&service] { return static_cast<double>(service.photos().size().bytes); });
}

}  // namespace zhili::app
