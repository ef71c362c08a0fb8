#include "app/demo/http_client.hpp"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace zhili::app::demo {

namespace {

namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;

std::string form_encoded(std::string_view text) {
  std::string out;
  for (char const letter : text) {
    auto const c = static_cast<unsigned char>(letter);
    if (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.') out += static_cast<char>(c);
    else out += fmt::format("%{:02X}", c);
  }
  return out;
}

}  // namespace

struct HttpClient::Impl {
  std::string host;
  std::uint16_t port;
  Impl(std::string h, std::uint16_t p) : host(std::move(h)), port(p) {}
  boost::asio::io_context io;
  std::unique_ptr<boost::beast::tcp_stream> stream;

  void connect() {
    stream = std::make_unique<boost::beast::tcp_stream>(io);
    tcp::resolver resolver(io);
    stream->connect(resolver.resolve(host, std::to_string(port)));
    stream->socket().set_option(tcp::no_delay(true));
  }

  HttpAnswer talk(http::request<http::string_body> const& request) {
    if (!stream) connect();
    http::write(*stream, request);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(answer_bytes_max);
    http::read(*stream, buffer, parser);
    auto response = parser.release();
    if (!response.keep_alive()) stream.reset();
    return {static_cast<int>(response.result_int()), std::move(response.body())};
  }

  core::Result<HttpAnswer> send(http::verb verb, std::string const& target, std::string body, std::string_view type) {
    http::request<http::string_body> request(verb, target, 11);
    request.set(http::field::host, host);
    if (!body.empty()) request.set(http::field::content_type, std::string(type));
    request.body() = std::move(body);
    request.prepare_payload();
    for (bool again = stream != nullptr;; again = false) {
      try {
        return talk(request);
      } catch (std::exception const& e) {
        stream.reset();  // the server may have closed an idle connection: once more on a new one
        if (!again)
          return core::fail(core::Errc::unavailable, "demo.http",
                            {fmt::format("连不上 {}:{}。", host, port), fmt::format("Cannot reach {}:{}.", host, port)}, {},
                            e.what());
      }
    }
  }
};

HttpClient::HttpClient(std::string host, std::uint16_t port)
    : impl_(std::make_unique<Impl>(std::move(host), port)) {}
HttpClient::~HttpClient() = default;

core::Result<HttpAnswer> HttpClient::get(std::string const& target) { return impl_->send(http::verb::get, target, {}, {}); }

core::Result<HttpAnswer> HttpClient::post_form(std::string const& target,
                                               std::vector<std::pair<std::string, std::string>> const& fields) {
  std::string body;
  for (auto const& [key, value] : fields) {
    if (!body.empty()) body += '&';
    body += form_encoded(key) + '=' + form_encoded(value);
  }
  return impl_->send(http::verb::post, target, std::move(body), "application/x-www-form-urlencoded; charset=utf-8");
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
  return impl_->send(http::verb::post, target, std::move(body), fmt::format("multipart/form-data; boundary={}", boundary));
}

}  // namespace zhili::app::demo
