#pragma once
// A small client for the demo's citizens, who report as any other Open311 client would.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace zhili::app::demo {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// One keep-alive connection to a server on this machine; connects again when it was closed. Blocks; each call ends
/// within `timeout_s`. Not thread-safe. Answers larger than `answer_bytes_max` are an error.
class HttpClient {
 public:
  static constexpr int timeout_s = 10;
  static constexpr std::size_t answer_bytes_max = 16 << 20;

  HttpClient(std::string host, std::uint16_t port);
  ~HttpClient();

  core::Result<HttpAnswer> get(std::string const& target);
  /// Sends the fields as application/x-www-form-urlencoded.
  core::Result<HttpAnswer> post_form(std::string const& target,
                                     std::vector<std::pair<std::string, std::string>> const& fields);
  /// Sends the fields and one photo as multipart/form-data.
  core::Result<HttpAnswer> post_photo(std::string const& target,
                                      std::vector<std::pair<std::string, std::string>> const& fields,
                                      std::string_view photo);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace zhili::app::demo
