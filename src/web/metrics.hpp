#pragma once
// What the program tells a Prometheus server about itself.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace zhili::web {

/// Counts requests, and reads gauges that other parts register. Thread-safe.
class Metrics {
 public:
  /// Upper edges of the latency histogram, in seconds.
  static constexpr std::array<double, 12> latency_edges_s = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                             0.05,   0.1,   0.25,   0.5,   1,    5};

  /// `route` is the pattern, never the path: the number of series stays small.
  void request(std::string_view method, std::string_view route, int status, double seconds);

  /// A request that was turned away because of a limit or a deadline; `reason` is the key of its error.
  void refused(std::string_view reason);

  enum class Kind : std::uint8_t { gauge, counter };
  /// `labels` as they are written: `kind="signal"`; may be empty. `read` is called at each scrape on a worker
  /// thread.
  void add(Kind kind, std::string name, std::string labels, std::string help, std::function<double()> read);

  /// A distribution that somebody else keeps: how many were at most each edge (and, last, above all of them), and the sum.
  struct Distribution {
    std::vector<double> edges;
    std::vector<std::uint64_t> counts;
    double sum = 0;
  };
  void add_histogram(std::string name, std::string help, std::function<Distribution()> read);

  /// The Prometheus text format, version 0.0.4.
  std::string text() const;

 private:
  struct Latency {
    std::array<std::uint64_t, latency_edges_s.size() + 1> counts{};
    double sum_s = 0;
  };
  struct Value {
    Kind kind;
    std::string name, labels, help;
    std::function<double()> read;
  };
  std::string requests_text() const;  // under the lock

  mutable std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, int>, std::uint64_t, std::less<>> requests_;
  std::map<std::string, Latency, std::less<>> latency_;  // by route
  std::map<std::string, std::uint64_t, std::less<>> refused_;    // by reason
  std::vector<Value> values_;
  struct Histogram {
    std::string name, help;
    std::function<Distribution()> read;
  };
  std::vector<Histogram> histograms_;
};

}  // namespace zhili::web
