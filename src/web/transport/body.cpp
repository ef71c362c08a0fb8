#include "web/transport/body.hpp"

#include <algorithm>
#include <charconv>

#include "web/transport/ascii.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

namespace {

auto bad_chunk(std::string detail) {
  return fail(Errc::invalid, "http.malformed",
              {"请求正文的分块（chunked）编码有误。", "The chunks of the request's body are malformed."}, {},
              std::move(detail));
}

auto body_too_large(std::size_t bytes_max) {
  auto const kib = std::to_string(bytes_max / 1024);
  return fail(
      Errc::limit, "body.too_large",
      {"请求正文过大：此处最大 " + kib + " KiB。", "The body is too large: at most " + kib + " KiB here."});
}

}  // namespace

BodyReader::BodyReader(Framing framing, std::uint64_t content_length, std::size_t bytes_max)
    : bytes_max_(bytes_max) {
  if (framing == Framing::chunked) state_ = State::chunk_line;
  if (framing == Framing::length && content_length > 0) {
    state_ = State::fixed;
    left_ = content_length;
  }
}

core::Result<> BodyReader::check_announced() const {
  if (state_ == State::fixed && left_ > bytes_max_) return body_too_large(bytes_max_);
  return {};
}

core::Result<bool> BodyReader::feed(std::string_view& input) {
  ZHILI_CHECK(check_announced());
  while (state_ != State::done && !input.empty()) {
    if (state_ == State::fixed || state_ == State::chunk_data) {
      auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
      body_.append(input.substr(0, n));
      input.remove_prefix(n);
      left_ -= n;
      if (left_ == 0) state_ = state_ == State::fixed ? State::done : State::chunk_end;
    } else {
      ZHILI_TRY(bool const whole, feed_line(input));
      if (whole) ZHILI_CHECK(end_of_line());
    }
  }
  return done();
}

core::Result<bool> BodyReader::feed_line(std::string_view& input) {
  auto const limit = state_ == State::trailer ? trailer_max_bytes : chunk_line_max_bytes;
  while (!input.empty()) {
    char const c = input.front();
    input.remove_prefix(1);
    bool const after_return = !line_.empty() && line_.back() == '\r';
    if ((c == '\n') != after_return) return bad_chunk("line end");
    if (c == '\n') {
      line_.pop_back();
      return true;
    }
    if (static_cast<unsigned char>(c) < 0x20 && c != '\r' && c != '\t') return bad_chunk("control character");
    line_ += c;
    if (line_.size() > limit) return bad_chunk("line too long");
  }
  return false;
}

core::Result<> BodyReader::end_of_line() {
  auto const line = std::move(line_);
  line_.clear();
  if (state_ == State::chunk_end) {
    if (!line.empty()) return bad_chunk("data longer than its chunk");
    state_ = State::chunk_line;
    return {};
  }
  if (state_ == State::trailer) {
    trailer_bytes_ += line.size() + 2;
    if (trailer_bytes_ > trailer_max_bytes) return bad_chunk("trailer too long");
    if (line.empty()) state_ = State::done;
    return {};
  }
  auto const* const begin = line.data();
  auto const read = std::from_chars(begin, begin + line.size(), left_, 16);
  auto const rest = line.substr(static_cast<std::size_t>(read.ptr - begin));
  if (read.ec != std::errc{} || (!rest.empty() && rest.front() != ';')) return bad_chunk("size");
  if (left_ > bytes_max_ - body_.size()) return body_too_large(bytes_max_);
  state_ = left_ == 0 ? State::trailer : State::chunk_data;
  return {};
}

}  // namespace zhili::web
