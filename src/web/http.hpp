#pragma once
// What a handler sees of HTTP: a request, a response, and the table of routes. No sockets here; see
// server.hpp.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace zhili::web {

struct Stream;

enum class Method : std::uint8_t { get, head, post, put, patch, del, options };

/// "GET", "DELETE", …
std::string_view name(Method method);

/// Names with values in the order in which they came (query, form). A name may come more than once.
class Fields {
 public:
  using Pair = std::pair<std::string, std::string>;

  void add(std::string name, std::string value) { pairs_.emplace_back(std::move(name), std::move(value)); }
  /// The first value that is not empty. An empty parameter counts as an absent one.
  std::optional<std::string_view> get(std::string_view name) const;
  /// Every value that is not empty.
  std::vector<std::string_view> all(std::string_view name) const;
  std::size_t size() const { return pairs_.size(); }
  auto begin() const { return pairs_.begin(); }
  auto end() const { return pairs_.end(); }

 private:
  std::vector<Pair> pairs_;
};

/// Header lines. Names compare without case.
class Headers {
 public:
  void add(std::string name, std::string value) { lines_.emplace_back(std::move(name), std::move(value)); }
  /// Replaces every line of that name.
  void set(std::string_view name, std::string value);
  /// The first line of that name, without surrounding blanks.
  std::optional<std::string_view> get(std::string_view name) const;
  bool has(std::string_view name) const { return get(name).has_value(); }
  auto begin() const { return lines_.begin(); }
  auto end() const { return lines_.end(); }
  std::size_t size() const { return lines_.size(); }

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

/// One request, complete and checked: the target is decoded, all of path, query and parameters is UTF-8
/// without NUL.
struct Request {
  Method method = Method::get;
  std::string path = {};  ///< decoded, begins with "/": for the log; match by route, not by this
  Fields query = {};      ///< decoded
  Fields params = {};     ///< what the route's pattern took from the path, decoded
  Headers headers = {};
  std::string body = {};  ///< raw bytes; at most the route's body_bytes_max
  std::string peer =
      {};  ///< address of the client, "192.0.2.7"; behind a trusted proxy the address that it names
  bool secure = false;    ///< came over TLS, here or at the trusted proxy
  bool loopback = false;  ///< came from this machine, and nobody forwarded it
  std::string id = {};    ///< X-Request-Id: the client's if it is well formed, else made here

  /// A parameter of the route's pattern; empty if there is none of that name.
  std::string_view param(std::string_view name) const;
  /// The media type of the body in lower case, without parameters: "application/json"; empty if not given.
  std::string content_type() const;
  /// The language that Accept-Language prefers; Chinese if it names neither.
  core::Lang lang() const;
};

/// One response. The transport adds Date, Content-Length, X-Request-Id, the security headers, compression for
/// those who ask for it, and answers If-None-Match when an ETag is set. Headers given here win over the
/// transport's.
struct Response {
  int status = 200;
  std::string type = {};  ///< Content-Type; empty: none is sent
  std::string body = {};
  std::shared_ptr<std::string const> shared = {};  ///< instead of `body`: bytes that live elsewhere (assets)
  std::shared_ptr<Stream const> stream = {};       ///< instead of both: made while it is sent (stream.hpp)
  Headers headers = {};

  std::string_view bytes() const { return shared ? std::string_view(*shared) : std::string_view(body); }

  static Response json(std::string text, int status = 200);
  static Response text(std::string text, int status = 200);
  static Response no_content() { return {.status = 204}; }
  /// An error as RFC 9457 problem+json: {type,title,status,code,field,detail:{zh,en}}. `detail` of the error,
  /// which is for the log, is never sent.
  static Response problem(core::Error const& error);
};

/// The HTTP status of a failure. The one place that knows.
int http_status(core::Error const& error);

/// The duty to answer one request. Copyable; any copy may be called on any thread, and the first call counts.
/// If all copies are gone and none was called, the client gets 500. Never blocks.
class Responder {
 public:
  using Send = std::function<void(Response)>;
  explicit Responder(Send send);
  void operator()(Response response) const;

 private:
  struct Once;
  std::shared_ptr<Once> once_;
};

/// Runs on a thread of the worker pool; may block for some milliseconds. What it throws becomes 500.
using Handler = std::function<Response(Request const&)>;
/// The same, but answers when it is ready, for instance after a commit: needs no thread while it waits.
using LaterHandler = std::function<void(Request const&, Responder)>;

struct Operation;

struct RouteOptions {
  static constexpr std::size_t body_default_bytes = 64 * 1024;
  std::size_t body_bytes_max = body_default_bytes;  ///< a larger body is refused with 413 before it is read
  bool any_origin = false;  ///< pages of other sites may call it (CORS, without credentials)
  std::shared_ptr<Operation const> operation = {};  ///< its description; whatever is under /api/v1 has one
};

/// The table of routes. A pattern is a path of literal segments, `{name}` (one segment, not empty),
/// `{name}.ext` (the same with a fixed end), and as the last one `{name...}` (all the rest, may be empty).
/// Literal patterns win over those with names, then the one that was added first. HEAD is answered by the GET
/// route, OPTIONS by the table, an unknown method of a known path with 405 and Allow. Build it first, then
/// give it to the server; matching is thread-safe.
class Router {
 public:
  void on(Method method, std::string pattern, Handler handler, RouteOptions options = {});
  void on_later(Method method, std::string pattern, LaterHandler handler, RouteOptions options = {});
  void get(std::string pattern, Handler handler, RouteOptions options = {});
  void post(std::string pattern, Handler handler, RouteOptions options = {});

  struct Route {
    Method method = Method::get;
    std::string pattern;  ///< also the label of its metrics
    Handler handler;      ///< one of the two is set
    LaterHandler later;
    RouteOptions options;
    std::vector<std::string> segments;
  };
  struct Match {
    Route const* route = nullptr;  ///< none: see `allow`
    Fields params = {};
    std::string allow = {};  ///< what the path allows ("GET, HEAD, OPTIONS"); empty if no route has this path
    bool any_origin = false;
  };
  /// `segments`: the decoded segments of the path; "/" is one empty segment.
  Match find(Method method, std::vector<std::string> const& segments) const;
  /// Those without names first.
  std::vector<std::unique_ptr<Route>> const& routes() const { return routes_; }

 private:
  void add(Route route);
  std::vector<std::unique_ptr<Route>> routes_;  // literal ones first
  std::size_t literal_ = 0;
};

}  // namespace zhili::web
