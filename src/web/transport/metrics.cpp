#include "web/metrics.hpp"

#include <charconv>
#include <set>
#include <span>

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

/// The lines of the format.
struct Text {
  std::string text;

  void begin(std::string_view name, std::string_view type, std::string_view help) {
    text += "# HELP " + std::string(name) + " " + std::string(help) + "\n# TYPE " + std::string(name) + " " + std::string(type) + "\n";
  }
  void line(std::string const& name, std::string const& labels, std::string const& value) {
    text += name + (labels.empty() ? "" : "{" + labels + "}") + " " + value + "\n";
  }
  void buckets(std::string const& name, std::string const& labels, std::span<double const> edges,
               std::span<std::uint64_t const> counts, double sum) {
    auto const before = labels.empty() ? labels : labels + ",";
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      n += counts[i];
      line(name + "_bucket", before + label("le", i < edges.size() ? number(edges[i]) : "+Inf"), std::to_string(n));
    }
    line(name + "_sum", labels, number(sum));
    line(name + "_count", labels, std::to_string(n));
  }
};

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

void Metrics::refused(std::string_view reason) {
  std::lock_guard const lock(mutex_);
  auto found = refused_.find(reason);
  if (found == refused_.end()) found = refused_.emplace(std::string(reason), 0).first;
  ++found->second;
}

void Metrics::add(Kind kind, std::string name, std::string labels, std::string help,
                  std::function<double()> read) {
  std::lock_guard const lock(mutex_);
  values_.push_back({kind, std::move(name), std::move(labels), std::move(help), std::move(read)});
}

void Metrics::add_histogram(std::string name, std::string help, std::function<Distribution()> read) {
  std::lock_guard const lock(mutex_);
  histograms_.push_back({std::move(name), std::move(help), std::move(read)});
}

std::string Metrics::requests_text() const {
  Text out;
  out.begin("zhili_http_requests_total", "counter", "Requests answered, by method, route pattern and status.");
  for (auto const& [key, n] : requests_) {
    auto const& [method, route, status] = key;
    auto const labels = label("method", method) + "," + label("route", route) + "," + label("status", std::to_string(status));
    out.line("zhili_http_requests_total", labels, std::to_string(n));
  }
  out.begin("zhili_http_refused_total", "counter", "Requests and connections turned away by a limit or a deadline, by reason.");
  for (auto const& [reason, n] : refused_) out.line("zhili_http_refused_total", label("reason", reason), std::to_string(n));
  out.begin("zhili_http_request_seconds", "histogram", "From the first byte of a request to its answer, by route pattern.");
  for (auto const& [route, latency] : latency_)
    out.buckets("zhili_http_request_seconds", label("route", route), latency_edges_s, latency.counts, latency.sum_s);
  return std::move(out.text);
}

std::string Metrics::text() const {
  std::vector<Value> values;
  std::vector<Histogram> histograms;
  Text out;
  {
    std::lock_guard const lock(mutex_);
    values = values_;
    histograms = histograms_;
    out.text = requests_text();
  }
  // Outside the lock: a reader may take its time, or a lock of its own.
  for (auto const& one : histograms) {
    auto const read = one.read();
    out.begin(one.name, "histogram", one.help);
    out.buckets(one.name, "", read.edges, read.counts, read.sum);
  }
  std::set<std::string> told;
  for (auto const& value : values) {
    if (told.insert(value.name).second) out.begin(value.name, value.kind == Kind::counter ? "counter" : "gauge", value.help);
    out.line(value.name, value.labels, number(value.read()));
  }
  return std::move(out.text);
}

}  // namespace zhili::web
