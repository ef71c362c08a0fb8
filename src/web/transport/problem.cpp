// The shapes of JSON that the transport itself speaks.
#include <boost/json.hpp>

#include "web/form.hpp"
#include "web/http.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

namespace {

std::string_view problem_title(int status) {
  switch (status) {
    case 400:
      return "Bad request";
    case 401:
      return "Nobody is signed in";
    case 403:
      return "Forbidden";
    case 404:
      return "Not found";
    case 405:
      return "Method not allowed";
    case 408:
      return "Request timeout";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition failed";
    case 413:
      return "Content too large";
    case 414:
      return "Address too long";
    case 415:
      return "Unsupported media type";
    case 417:
      return "Expectation failed";
    case 429:
      return "Limit reached";
    case 431:
      return "Header too large";
    case 501:
      return "Not implemented";
    case 503:
      return "Service unavailable";
    case 505:
      return "HTTP version not supported";
    default:
      return "Internal error";
  }
}

}  // namespace

int http_status(core::Error const& error) {
  // Finer than the code: what HTTP itself has a number for.
  struct Special {
    std::string_view key;
    int status;
  };
  static constexpr Special special[] = {
      {"http.method", 405},     {"http.timeout", 408},        {"http.target_too_long", 414},
      {"http.expect", 417},     {"http.head_too_large", 431}, {"http.not_implemented", 501},
      {"http.version", 505},    {"body.type", 415},           {"body.too_large", 413},
      {"form.part_bytes", 413}, {"photo.bytes", 413},         {"photo.pixels", 413},
      {"photo.type", 415},
      {"session.none", 401},    {"api_key.none", 401},        {"device.token", 401},
      {"case.if_match", 412},    {"alarm.if_match", 412},
  };
  for (auto const& [key, status] : special)
    if (error.key == key) return status;
  switch (error.code) {
    case Errc::invalid:
      return 400;
    case Errc::not_found:
      return 404;
    case Errc::conflict:
      return 409;
    case Errc::forbidden:
      return 403;
    case Errc::limit:
      return 429;
    case Errc::busy:
    case Errc::unavailable:
      return 503;
    case Errc::corrupt:
    case Errc::internal:
      return 500;
  }
  return 500;
}

Response Response::problem(core::Error const& error) {
  int const status = http_status(error);
  boost::json::object body{{"type", "urn:zhili:problem:" + error.key},
                           {"title", problem_title(status)},
                           {"status", status},
                           {"code", error.key}};
  body["field"] = error.field.empty() ? boost::json::value(nullptr) : boost::json::value(error.field);
  body["detail"] = {{"zh", error.text.zh}, {"en", error.text.en}};
  Response response{.status = status,
                    .type = "application/problem+json; charset=utf-8",
                    .body = boost::json::serialize(body)};
  if (status == 401) response.headers.add("WWW-Authenticate", "Cookie");
  if (status == 503 || status == 429) response.headers.add("Retry-After", "1");
  return response;
}

core::Result<boost::json::value> read_json(Request const& request) {
  if (request.content_type() != "application/json") {
    return fail(Errc::invalid, "body.type",
                {"请求正文须为 application/json。", "The body must be application/json."});
  }
  boost::json::parse_options options;
  options.max_depth = json_depth_max;
  boost::json::error_code failed;
  boost::json::parser parser({}, options);
  parser.write(request.body, failed);
  if (failed) {
    return fail(
        Errc::invalid, "body.json",
        {"请求正文不是有效的 JSON（UTF-8，嵌套不超过 " + std::to_string(json_depth_max) + " 层）。",
         "The body is not valid JSON (UTF-8, nested at most " + std::to_string(json_depth_max) + " deep)."},
        {}, failed.message());
  }
  return parser.release();
}

}  // namespace zhili::web
