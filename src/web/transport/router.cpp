#include <algorithm>

#include "web/http.hpp"

namespace zhili::web {

namespace {

std::vector<std::string> pattern_segments(std::string_view pattern) {
  std::vector<std::string> out;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    auto const end = std::min(pattern.find('/'), pattern.size());
    out.emplace_back(pattern.substr(0, end));
    pattern.remove_prefix(end);
  }
  return out;
}

bool takes_rest(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with("...}");
}

/// Matches one segment against `literal`, `{name}` or `{name}.ext`.
bool match_segment(std::string_view pattern, std::string const& segment, Fields& params) {
  if (!pattern.starts_with('{')) return pattern == segment;
  auto const close = pattern.find('}');
  auto const suffix = pattern.substr(close + 1);
  if (segment.size() <= suffix.size() || !segment.ends_with(suffix)) return false;
  params.add(std::string(pattern.substr(1, close - 1)), segment.substr(0, segment.size() - suffix.size()));
  return true;
}

bool match_route(Router::Route const& route, std::vector<std::string> const& segments, Fields& params) {
  for (std::size_t i = 0; i < route.segments.size(); ++i) {
    std::string_view const pattern = route.segments[i];
    if (takes_rest(pattern)) {
      std::string rest;
      for (std::size_t j = i; j < segments.size(); ++j) rest += (j > i ? "/" : "") + segments[j];
      params.add(std::string(pattern.substr(1, pattern.size() - 5)), std::move(rest));
      return true;
    }
    if (i >= segments.size() || !match_segment(pattern, segments[i], params)) return false;
  }
  return route.segments.size() == segments.size();
}

}  // namespace

void Router::add(Route route) {
  route.segments = pattern_segments(route.pattern);
  bool const literal = route.pattern.find('{') == std::string::npos;
  auto const at = literal ? routes_.begin() + static_cast<std::ptrdiff_t>(literal_) : routes_.end();
  routes_.insert(at, std::make_unique<Route>(std::move(route)));
  literal_ += literal ? 1 : 0;
}

void Router::on(Method method, std::string pattern, Handler handler, RouteOptions options) {
  add({method, std::move(pattern), std::move(handler), {}, options, {}});
}

void Router::on_later(Method method, std::string pattern, LaterHandler handler, RouteOptions options) {
  add({method, std::move(pattern), {}, std::move(handler), options, {}});
}

void Router::get(std::string pattern, Handler handler, RouteOptions options) {
  on(Method::get, std::move(pattern), std::move(handler), options);
}

void Router::post(std::string pattern, Handler handler, RouteOptions options) {
  on(Method::post, std::move(pattern), std::move(handler), options);
}

Router::Match Router::find(Method method, std::vector<std::string> const& segments) const {
  Match match;
  auto const wanted = method == Method::head ? Method::get : method;
  std::vector<std::string_view> allowed;
  auto const allow = [&](std::string_view one) {
    if (std::find(allowed.begin(), allowed.end(), one) == allowed.end()) allowed.push_back(one);
  };
  for (auto const& route : routes_) {
    Fields params;
    if (!match_route(*route, segments, params)) continue;
    if (route->method == wanted) {
      match.route = route.get();
      match.params = std::move(params);
      match.any_origin = route->options.any_origin;
      return match;
    }
    match.any_origin = match.any_origin || route->options.any_origin;
    allow(name(route->method));
    if (route->method == Method::get) allow(name(Method::head));
  }
  if (allowed.empty()) return match;
  allow(name(Method::options));
  for (auto const one : allowed) match.allow += (match.allow.empty() ? "" : ", ") + std::string(one);
  return match;
}

}  // namespace zhili::web
