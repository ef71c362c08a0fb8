#include "app/demo/http_client.hpp"

#include <fmt/format.h>

#include "web/form.hpp"

namespace zhili::app::demo {

namespace client = web::client;

HttpClient::HttpClient(std::string const& host, std::uint16_t port)
    : base_(fmt::format("http://{}:{}", host, port)), client_(std::move(*client::Client::make({.reach = client::Reach::anywhere}))) {}

core::Result<HttpAnswer> HttpClient::send(std::string method, std::string const& target, std::string type, std::string body, std::string const& key) {
  client::Call call{.method = std::move(method), .url = base_ + target, .body = std::move(body), .limits = {.answer_bytes_max = answer_bytes_max}};
  if (!type.empty()) call.headers.emplace_back("Content-Type", std::move(type));
  if (!key.empty()) call.headers.emplace_back("Authorization", "Bearer " + key);
  return client_->call(call);
}

core::Result<HttpAnswer> HttpClient::post_lines(std::string const& target, std::string lines, std::string const& key) {
  return send("POST", target, "application/x-ndjson", std::move(lines), key);
}

core::Result<HttpAnswer> HttpClient::get(std::string const& target) { return send("GET", target, {}, {}); }

core::Result<HttpAnswer> HttpClient::post_form(std::string const& target,
                                               std::vector<std::pair<std::string, std::string>> const& fields) {
  std::string body;
  for (auto const& [key, value] : fields) {
    if (!body.empty()) body += '&';
    body += web::percent_encode(key) + '=' + web::percent_encode(value);
  }
  return send("POST", target, "application/x-www-form-urlencoded; charset=utf-8", std::move(body));
}

core::Result<HttpAnswer> HttpClient::post_photo(std::string const& target,
                                                std::vector<std::pair<std::string, std::string>> const& fields,
                                                std::string_view photo) {
  constexpr std::string_view boundary = "zhili-demo-7d1f0c52a9";
  std::string body;
  for (auto const& [key, value] : fields)
    body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", boundary, key, value);
  body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"photo1\"; filename=\"photo.png\"\r\n"
                      "Content-Type: image/png\r\n\r\n", boundary);
  body += photo;
  body += fmt::format("\r\n--{}--\r\n", boundary);
  return send("POST", target, fmt::format("multipart/form-data; boundary={}", boundary), std::move(body));
}

}  // namespace zhili::app::demo
