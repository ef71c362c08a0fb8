#include "web/metrics.hpp"

#include <charconv>
#include <set>

namespace zhili::web {

namespace {

std::string number(double value) {
  char text[32];
  auto const written = std::to_chars(text, text + sizeof text, value);
  return {text, written.ptr};
}

std::string label(std::string_view name, std::string_view value) {
  std::string out(name);
  out += "=\"";
  for (char const c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + '"';
}

}  // namespace

void Metrics::request(std::string_view method, std::string_view route, int status, double seconds) {
  std::size_t bucket = 0;
  while (bucket < latency_edges_s.size() && seconds > latency_edges_s[bucket]) ++bucket;
  std::lock_guard const lock(mutex_);
  auto const key = std::tuple(method, route, status);
  auto found = requests_.find(key);
  if (found == requests_.end())
    found = requests_.emplace(std::tuple(std::string(method), std::string(route), status), 0).first;
  ++found->second;
  auto latency = latency_.find(route);
  if (latency == latency_.end()) latency = latency_.emplace(std::string(route), Latency{}).first;
  ++latency->second.counts[bucket];
  latency->second.sum_s += seconds;
}

void Metrics::add(Kind kind, std::string name, std::string labels, std::string help,
                  std::function<double()> read) {
  std::lock_guard const lock(mutex_);
  values_.push_back({kind, std::move(name), std::move(labels), std::move(help), std::move(read)});
}

std::string Metrics::text() const {
  std::vector<Value> values;
  std::string out =
      "# HELP zhili_http_requests_total Requests answered, by route pattern and status.\n"
      "# TYPE zhili_http_requests_total counter\n";
  {
    std::lock_guard const lock(mutex_);
    values = values_;
    for (auto const& [key, n] : requests_) {
      auto const& [method, route, status] = key;
      out += "zhili_http_requests_total{" + label("method", method) + "," + label("route", route) + "," +
             label("status", std::to_string(status)) + "} " + std::to_string(n) + "\n";
    }
    out +=
        "# HELP zhili_http_request_seconds From the first byte of a request to its answer.\n"
        "# TYPE zhili_http_request_seconds histogram\n";
    for (auto const& [route, latency] : latency_) {
      std::uint64_t n = 0;
      auto const line = [&](std::string_view suffix, std::string const& more, std::string const& value) {
        out += "zhili_http_request_seconds" + std::string(suffix) + "{" + label("route", route) + more +
               "} " + value + "\n";
      };
      for (std::size_t i = 0; i < latency_edges_s.size(); ++i) {
        n += latency.counts[i];
        line("_bucket", "," + label("le", number(latency_edges_s[i])), std::to_string(n));
      }
      n += latency.counts.back();
      line("_bucket", ",le=\"+Inf\"", std::to_string(n));
      line("_sum", "", number(latency.sum_s));
      line("_count", "", std::to_string(n));
    }
  }
  // Outside the lock: a reader may take its time, or a lock of its own.
  std::set<std::string> told;
  for (auto const& value : values) {
    if (told.insert(value.name).second) {
      out += "# HELP " + value.name + " " + value.help + "\n# TYPE " + value.name +
             (value.kind == Kind::counter ? " counter\n" : " gauge\n");
    }
    out += value.name + (value.labels.empty() ? "" : "{" + value.labels + "}") + " " + number(value.read()) +
           "\n";
  }
  return out;
}

}  // namespace zhili::web
