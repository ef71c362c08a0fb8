#pragma once
// One connection from its first byte to its last. The only file with coroutines, included by loop.cpp alone. GCC 12 miscompiles
// some: what is awaited has named locals as arguments, and no braces, lambdas or aggregates stand inside a co_await expression.

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "web/stream.hpp"
#include "web/transport/body.hpp"
#include "web/transport/negotiate.hpp"
#include "web/transport/session.hpp"

namespace zhili::web::loop {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

inline constexpr std::size_t read_bytes = 8 * 1024;
inline constexpr std::size_t drain_bytes_max = 256 * 1024;
inline constexpr milliseconds drain_ms{1000};
inline constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// Lets other threads post to an io_context for as long as it lives.
struct Gate {
  std::mutex mutex;
  asio::io_context* io = nullptr;

  template <class F>
  void post(F&& f) {
    std::lock_guard const lock(mutex);
    if (io != nullptr) asio::post(*io, std::forward<F>(f));
  }
};

template <class Socket>
class Connection final : public Session, public std::enable_shared_from_this<Connection<Socket>> {
 public:
  template <class... Args>
  Connection(std::shared_ptr<Shared> shared, std::shared_ptr<Gate> gate, Peer peer, asio::io_context& io,
             Args&&... stream)
      : Session(std::move(shared)),
        gate_(std::move(gate)),
        peer_(std::move(peer)),
        stream_(std::forward<Args>(stream)...),
        answered_(io, SteadyTime::max()) {}

  void cancel() override {
    error_code ignored;
    socket().cancel(ignored);
    answered_.cancel();
  }

  asio::awaitable<void> run() {
    auto const self = this->shared_from_this();
    bool go_on = co_await greet();
    while (go_on) go_on = co_await exchange();
    co_await part();
  }

 private:
  static constexpr bool is_tls = !std::is_same_v<Socket, tcp::socket>;

  tcp::socket& socket() {
    if constexpr (is_tls)
      return stream_.next_layer();
    else
      return stream_;
  }
  ServerLimits const& limits() const { return shared_->options.limits; }
  std::string_view input() const { return std::string_view(in_).substr(taken_); }

  asio::awaitable<bool> greet() {
    if constexpr (is_tls) {
      allow(limits().tls_ms);
      error_code failed;
      auto token = asio::redirect_error(asio::use_awaitable, failed);
      co_await stream_.async_handshake(asio::ssl::stream_base::server, token);
      co_return !failed;
    }
    co_return true;
  }

  /// Adds what comes next to the input. False at the end of the stream, a deadline, or when we stop.
  asio::awaitable<bool> read_more() {
    if (timed_out_) co_return false;
    in_.erase(0, taken_);
    taken_ = 0;
    auto const had = in_.size();
    in_.resize(had + read_bytes);
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    auto const room = asio::buffer(in_.data() + had, read_bytes);
    std::size_t const n = co_await stream_.async_read_some(room, token);
    in_.resize(had + n);
    co_return !failed;
  }

  asio::awaitable<bool> write(std::string_view head, std::string_view body, std::string_view tail = {}) {
    allow(limits().write_ms);
    std::array<asio::const_buffer, 3> const buffers = {asio::buffer(head), asio::buffer(body), asio::buffer(tail)};
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    co_await asio::async_write(stream_, buffers, token);
    co_return !failed;
  }

  asio::awaitable<bool> send(Response const& response, Method method, bool keep_alive) {
    auto const head = write_head(response, keep_alive, true, shared_->time.now());
    auto const body =
        method == Method::head || response.status == 304 ? std::string_view() : response.bytes();
    bool const sent = co_await write(head, body);
    co_return sent&& keep_alive;
  }

  /// A body in pieces: as chunks, or to a client of HTTP/1.0 as bytes that end with the connection.
  asio::awaitable<bool> send_stream(Response const& response, bool chunked, bool keep_alive) {
    bool const persist = keep_alive && chunked;
    auto const head = write_head(response, persist, chunked, shared_->time.now());
    std::string_view const nothing;
    bool sent = co_await write(head, nothing);
    while (sent) {
      bool const came = co_await next_piece(*response.stream);
      if (!came) co_return false;
      auto const piece = std::move(*piece_);
      piece_.reset();
      if (!piece) break;
      if (chunked) {
        auto const size = fmt::format("{:x}\r\n", piece->size());
        sent = co_await write(size, *piece, "\r\n");
      } else {
        sent = co_await write(*piece, nothing);
      }
    }
    if (sent && chunked) sent = co_await write(last_chunk, nothing);
    co_return sent&& persist;
  }

  /// False: the body was cut, nothing came in time, or the server stops.
  asio::awaitable<bool> next_piece(Stream const& stream) {
    ++exchange_;
    auto const give = [gate = gate_, self = this->weak_from_this(), number = exchange_](std::optional<Stream::Piece> piece) {
      gate->post([self, number, piece = std::move(piece)]() mutable {
        auto const connection = self.lock();
        if (connection) connection->take_piece(number, std::move(piece));
      });
    };
    deadline_ = SteadyTime::max();
    if (stream.wait) {
      watch_for_end();
      stream.wait(give);
    } else {
      allow(limits().handler_ms);
      pull_piece(shared_, stream.pull, give);
    }
    idle_ = true;  // when the server stops, it does not wait for us
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    while (!piece_ && !cut_ && !gone_ && !timed_out_ && !ending_) co_await answered_.async_wait(token);
    idle_ = false;
    co_return piece_.has_value() && !ending_;
  }

  /// Somebody who closes a page with live events says nothing more; without this we would learn it from the next event.
  void watch_for_end() {
    if (std::exchange(watching_, true)) return;
    socket().async_wait(tcp::socket::wait_read, [weak = this->weak_from_this()](error_code failed) {
      auto const self = weak.lock();
      if (!self || failed) return;
      char byte = 0;
      self->gone_ = ::recv(self->socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
      self->answered_.cancel();
    });
  }

  void take_piece(std::uint64_t number, std::optional<Stream::Piece> piece) {
    if (number != exchange_ || piece_ || cut_) return;
    cut_ = !piece;
    piece_ = std::move(piece);
    answered_.cancel();
  }

  asio::awaitable<bool> refuse(core::Error const& error) {
    auto const response = refuse_request(*shared_, error);
    co_return co_await send(response, Method::get, false);
  }

  /// One request and its response. This and the parts of it that follow return false when the connection is
  /// to end.
  asio::awaitable<bool> exchange() {
    allow(limits().idle_ms);
    std::size_t seen = 0;
    std::size_t head_bytes = 0;
    SteadyTime began{};
    while (head_bytes == 0) {
      if (seen == 0 && input().starts_with("\r\n")) taken_ += 2;  // some old clients end a body with one
      if (idle_ && !input().empty()) {
        idle_ = false;
        began = std::chrono::steady_clock::now();
        allow(limits().head_ms);
      }
      auto const found = find_head_end(input(), seen, shared_->head_limits());
      if (!found) co_return co_await refuse(found.error());
      head_bytes = *found;
      if (head_bytes > 0) break;
      if (idle_ && ending_) co_return false;
      bool const more = co_await read_more();
      if (more) continue;
      auto const late = timeout_error();
      if (timed_out_ && !idle_) co_return co_await refuse(late);
      co_return false;
    }
    auto head = parse_head(input().substr(0, head_bytes), shared_->head_limits());
    taken_ += head_bytes;
    if (!head) co_return co_await refuse(head.error());
    bool const go_on = co_await receive(*head, began);
    idle_ = true;
    co_return go_on;
  }

  asio::awaitable<bool> receive(Head& head, SteadyTime began) {
    bool const keep_alive = head.keep_alive && ++requests_ < limits().requests_per_connection_max;
    bool const expects_continue = head.expects_continue;
    version_1_1_ = head.version_1_1;
    watching_ = false;
    Framing const framing = head.framing;
    std::uint64_t const length = head.content_length;
    auto opened = open_request(*shared_, std::move(head), peer_);
    if (!opened) co_return co_await refuse(opened.error());
    BodyReader reader(framing, length, opened->body_bytes_max);
    auto const announced = reader.check_announced();
    if (!announced) co_return co_await refuse(announced.error());
    if (expects_continue && !reader.done() && input().empty()) {
      std::string_view const nothing;
      bool const sent = co_await write(continue_line, nothing);
      if (!sent) co_return false;
    }
    BodyShare share(*shared_);
    bool const whole = co_await receive_body(reader, share);
    if (!whole) co_return false;
    opened->request->body = reader.take();
    Method const method = opened->request->method;
    co_return co_await answer(std::move(*opened), method, keep_alive, began);
  }

  asio::awaitable<bool> receive_body(BodyReader& reader, BodyShare& share) {
    auto const body_began = std::chrono::steady_clock::now();
    auto const rate = std::max<std::size_t>(1, limits().body_rate_min_bytes_per_s);
    allow(limits().body_ms);
    while (!reader.done()) {
      auto rest = input();
      auto const fed = reader.feed(rest);
      taken_ = in_.size() - rest.size();
      bool const room = share.grow_to(reader.size());
      if (!fed) co_return co_await refuse(fed.error());
      auto const full = bodies_full();
      if (!room) co_return co_await refuse(full);
      if (reader.done()) break;
      deadline_ = body_began + limits().body_ms + milliseconds(reader.size() * 1000 / rate);
      bool const more = co_await read_more();
      if (more) continue;
      auto const late = timeout_error();
      if (timed_out_) co_return co_await refuse(late);
      co_return false;
    }
    co_return true;
  }

  asio::awaitable<bool> answer(Opened opened, Method method, bool keep_alive, SteadyTime began) {
    allow(limits().handler_ms);
    answer_.reset();
    ++exchange_;
    Responder::Send take = [gate = gate_, self = this->weak_from_this(),
                            number = exchange_](Response response) {
      gate->post([self, number, response = std::move(response)]() mutable {
        auto const connection = self.lock();
        if (connection) connection->take_answer(number, std::move(response));
      });
    };
    answer_request(shared_, std::move(opened), began, std::move(take));
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    while (!answer_ && !timed_out_) co_await answered_.async_wait(token);
    if (!answer_) {
      core::Error const late{core::Errc::unavailable,
                             "http.no_answer",
                             {"处理超时。若已提交内容，请先查询是否已受理。",
                              "No answer in time. If you sent something, look first whether it was taken."}};
      co_return co_await refuse(late);
    }
    auto const response = std::move(*answer_);
    answer_.reset();
    bool const persist = keep_alive && !ending_;
    if (response.stream && method != Method::head) co_return co_await send_stream(response, version_1_1_, persist);
    co_return co_await send(response, method, persist);
  }

  void take_answer(std::uint64_t number, Response response) {
    if (number != exchange_) return;  // too late: the client was told otherwise
    answer_ = std::move(response);
    answered_.cancel();
  }

  /// Ends the connection so that the client can still read what we said: a plain close would reset it when
  /// there is input that nobody read.
  asio::awaitable<void> part() {
    error_code failed;
    allow(drain_ms);
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    if constexpr (is_tls) co_await stream_.async_shutdown(token);
    socket().shutdown(tcp::socket::shutdown_send, failed);
    in_.resize(read_bytes);
    auto const room = asio::buffer(in_.data(), in_.size());
    std::size_t drained = 0;
    while (!failed && !timed_out_ && drained < drain_bytes_max) {
      drained += co_await socket().async_read_some(room, token);
    }
    socket().close(failed);
  }

  std::shared_ptr<Gate> gate_;
  Peer peer_;
  Socket stream_;
  asio::steady_timer answered_;  // never fires; cancelled when something happened
  std::optional<Response> answer_;
  std::optional<Stream::Piece> piece_;
  bool cut_ = false;       // the body being sent ends before its end
  bool watching_ = false;  // for the client's end, while a body waits
  bool gone_ = false;      // the client ended while a body waited
  bool version_1_1_ = true;
  std::uint64_t exchange_ = 0;
  std::size_t requests_ = 0;
  std::string in_;
  std::size_t taken_ = 0;  // bytes of in_ that are done with
};

}  // namespace zhili::web::loop
