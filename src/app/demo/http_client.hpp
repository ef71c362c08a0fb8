#pragma once
// The demo's citizens report as any other Open311 client would, and its gateways send readings.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "web/client/client.hpp"

namespace zhili::app::demo {

using HttpAnswer = web::client::Answer;

/// Forms and photos to a server on this machine. Blocks. Thread-safe. Answers larger than `answer_bytes_max` are an error.
class HttpClient {
 public:
  static constexpr std::size_t answer_bytes_max = 16 << 20;

  HttpClient(std::string const& host, std::uint16_t port);

  core::Result<HttpAnswer> get(std::string const& target);
  /// Sends the fields as application/x-www-form-urlencoded.
  core::Result<HttpAnswer> post_form(std::string const& target,
                                     std::vector<std::pair<std::string, std::string>> const& fields);
  /// Sends the fields and one photo as multipart/form-data.
  core::Result<HttpAnswer> post_photo(std::string const& target,
                                      std::vector<std::pair<std::string, std::string>> const& fields,
                                      std::string_view photo);
  /// Sends readings, a line each, with a program's key.
  core::Result<HttpAnswer> post_lines(std::string const& target, std::string lines, std::string const& key);

 private:
  core::Result<HttpAnswer> send(std::string method, std::string const& target, std::string type, std::string body, std::string const& key = {});

  std::string base_;
  std::unique_ptr<web::client::Client> client_;
};

}  // namespace zhili::app::demo
