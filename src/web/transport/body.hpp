#pragma once
// The body of a request, piece by piece as it arrives: by length or chunked.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "web/transport/head.hpp"

namespace zhili::web {

inline constexpr std::size_t chunk_line_max_bytes = 256;    ///< size and extensions of one chunk
inline constexpr std::size_t trailer_max_bytes = 4 * 1024;  ///< read and dropped: nothing here needs trailers

class BodyReader {
 public:
  BodyReader(Framing framing, std::uint64_t content_length, std::size_t bytes_max);

  /// Whether the body is known to be too large before anything is read.
  core::Result<> check_announced() const;
  /// Takes what belongs to the body off the front of `input`; true when the body is complete.
  /// Errors: "http.malformed" (chunks), "body.too_large".
  core::Result<bool> feed(std::string_view& input);
  bool done() const { return state_ == State::done; }
  std::size_t size() const { return body_.size(); }
  std::string take() { return std::move(body_); }

 private:
  enum class State : std::uint8_t { fixed, chunk_line, chunk_data, chunk_end, trailer, done };
  core::Result<bool> feed_line(std::string_view& input);
  core::Result<> end_of_line();

  State state_ = State::done;
  std::size_t bytes_max_;
  std::uint64_t left_ = 0;  // of the body or of the chunk
  std::size_t trailer_bytes_ = 0;
  std::string line_;  // what has come of the line that is being read
  std::string body_;
};

}  // namespace zhili::web
