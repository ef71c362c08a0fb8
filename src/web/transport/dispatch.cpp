#include "web/transport/dispatch.hpp"

#include <spdlog/spdlog.h>

#include <random>

#include "web/form.hpp"
#include "web/transport/ascii.hpp"
#include "web/transport/negotiate.hpp"

namespace zhili::web {

using core::Errc;

namespace {

constexpr std::size_t request_id_max = 64;

std::string request_id(std::optional<std::string_view> given) {
  bool good = given && !given->empty() && given->size() <= request_id_max;
  for (char const c : given.value_or(""))
    good = good && (ascii::is_alnum(c) || c == '-' || c == '_' || c == '.');
  if (good) return std::string(*given);
  thread_local std::mt19937_64 random{std::random_device{}()};
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string id;
  for (auto bits = random(); id.size() < 16; bits >>= 4) id += digits[bits & 15];
  return id;
}

/// Behind a trusted proxy the client is the last address of X-Forwarded-For that is no trusted proxy itself.
void see_through_proxy(Request& request, std::vector<std::string> const& trusted) {
  auto const is_trusted = [&](std::string_view address) {
    return std::find(trusted.begin(), trusted.end(), address) != trusted.end();
  };
  bool const forwarded = request.headers.has("x-forwarded-for") || request.headers.has("forwarded") ||
                         request.headers.has("x-forwarded-proto");
  request.loopback = request.loopback && !forwarded;
  if (!forwarded || !is_trusted(request.peer)) return;
  auto list = request.headers.get("x-forwarded-for").value_or("");
  while (!list.empty()) {
    auto const comma = list.rfind(',');
    auto const address = ascii::trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
    if (!address.empty()) request.peer = address;
    if (comma == std::string_view::npos || !is_trusted(address)) break;
    list = list.substr(0, comma);
  }
  request.secure = ascii::same(request.headers.get("x-forwarded-proto").value_or(""), "https");
}

Response no_route(Request const& request, Router::Match const& match) {
  if (match.allow.empty()) {
    return Response::problem({Errc::not_found,
                              "http.not_found",
                              {"没有这个网址：" + request.path, "There is nothing at " + request.path}});
  }
  Response response;
  if (request.method == Method::options) {
    response = Response::no_content();
  } else {
    response = Response::problem({Errc::invalid,
                                  "http.method",
                                  {"此网址不支持这一方法，可用：" + match.allow,
                                   "This address does not take that method; it takes " + match.allow}});
  }
  response.headers.set("Allow", match.allow);
  return response;
}

void allow_any_origin(Request const& request, Response& response, std::string const& allow) {
  response.headers.set("Access-Control-Allow-Origin", "*");
  if (request.method != Method::options) return;
  response.headers.set("Access-Control-Allow-Methods", allow);
  response.headers.set("Access-Control-Allow-Headers", "Content-Type");
  response.headers.set("Access-Control-Max-Age", "3600");
}

Response handler_failed(Request const& request, std::string_view route, char const* what) {
  spdlog::error("handler of {} failed: {} (request {})", route, what, request.id);
  return Response::problem(
      {Errc::internal,
       "http.internal",
       {"程序出错，已记录，编号 " + request.id, "The program failed; it is logged as " + request.id}});
}

void run_handler(Router::Route const& route, Request const& request, Responder const& responder) {
  try {
    if (route.later) {
      route.later(request, responder);
    } else {
      responder(route.handler(request));
    }
  } catch (std::exception const& e) {
    responder(handler_failed(request, route.pattern, e.what()));
  } catch (...) {
    responder(handler_failed(request, route.pattern, "unknown exception"));
  }
}

}  // namespace

core::Result<Opened> open_request(Shared const& shared, Head head, Peer const& peer) {
  Opened opened{.request = std::make_shared<Request>(), .match = {}};
  auto& request = *opened.request;
  request.method = head.method;
  request.headers = std::move(head.headers);
  request.peer = peer.address;
  request.loopback = peer.loopback;
  request.secure = peer.tls;
  request.id = request_id(request.headers.get("x-request-id"));
  see_through_proxy(request, shared.options.trusted_proxies);
  ZHILI_TRY(auto target, parse_target(head.target == "*" ? "/" : head.target));
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  opened.match = shared.router.find(request.method, target.segments);
  if (opened.match.route != nullptr) opened.body_bytes_max = opened.match.route->options.body_bytes_max;
  request.params = std::move(opened.match.params);
  return opened;
}

void answer_request(std::shared_ptr<Shared> const& shared, Opened opened, SteadyTime began,
                    Responder::Send send) {
  auto const* const route = opened.match.route;
  std::shared_ptr<Request const> const request = opened.request;
  std::string_view const label = route != nullptr ? std::string_view(route->pattern) : "none";
  auto allow = opened.match.any_origin ? std::optional(opened.match.allow) : std::nullopt;
  auto complete = [shared, request, label, began, allow = std::move(allow),
                   send = std::move(send)](Response response) {
    if (allow) allow_any_origin(*request, response, *allow);
    finish(*request, response);
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - began;
    shared->metrics.request(name(request->method), label, response.status, took.count());
    send(std::move(response));
  };
  if (route == nullptr) return complete(no_route(*request, opened.match));
  Responder const responder(std::move(complete));
  if (!shared->workers.submit([route, request, responder] { run_handler(*route, *request, responder); })) {
    shared->metrics.refused("http.busy");
    responder(
        Response::problem({Errc::busy,
                           "http.busy",
                           {"服务繁忙，请稍后再试。", "The service is busy; please try again shortly."}}));
  }
}

void pull_piece(std::shared_ptr<Shared> const& shared, std::function<Stream::Piece()> pull,
                std::function<void(std::optional<Stream::Piece>)> give) {
  auto const work = [pull = std::move(pull), give] {
    try {
      give(pull());
    } catch (std::exception const& e) {
      spdlog::error("a streamed body was cut: {}", e.what());
      give(std::nullopt);
    }
  };
  if (shared->workers.submit(work)) return;
  shared->metrics.refused("http.busy");
  give(std::nullopt);
}

Response refuse_request(Shared const& shared, core::Error const& error) {
  spdlog::debug("request refused: {} {}", error.key, error.detail);
  auto response = Response::problem(error);
  finish(Request{}, response);
  shared.metrics.request("?", "refused", response.status, 0);
  if (error.code == Errc::limit || error.code == Errc::busy || error.code == Errc::unavailable) shared.metrics.refused(error.key);
  return response;
}

}  // namespace zhili::web
