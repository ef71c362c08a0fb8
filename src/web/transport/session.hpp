#pragma once
// What a connection is apart from its sockets: deadlines, ending, its share of the memory for bodies.

#include <chrono>
#include <cstddef>
#include <memory>

#include "core/result.hpp"
#include "web/transport/dispatch.hpp"

namespace zhili::web::loop {

/// One connection; all of it runs on the loop's thread.
class Session {
 public:
  explicit Session(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  virtual ~Session() { shared_->connection_ended(); }
  Session(Session const&) = delete;

  void check_deadline(SteadyTime now) {
    if (now < deadline_) return;
    timed_out_ = true;
    deadline_ = SteadyTime::max();
    cancel();
  }
  void end_soon() {
    ending_ = true;
    if (idle_) cancel();
  }
  virtual void cancel() = 0;

 protected:
  void allow(std::chrono::milliseconds time) {
    timed_out_ = false;
    deadline_ = std::chrono::steady_clock::now() + time;
  }

  std::shared_ptr<Shared> shared_;
  SteadyTime deadline_ = SteadyTime::max();
  bool timed_out_ = false;
  bool ending_ = false;
  bool idle_ = true;
};

inline core::Error timeout_error() {
  return {
      core::Errc::busy, "http.timeout", {"请求未在限定时间内发完。", "The request did not arrive in time."}};
}

inline core::Error bodies_full() {
  return {
      core::Errc::busy,
      "http.bodies_full",
      {"正在接收的内容过多，请稍后再试。", "Too much is being received at once; please try again shortly."}};
}

/// Counts the bytes of one body among all of the server, for as long as it lives.
class BodyShare {
 public:
  explicit BodyShare(Shared& shared) : shared_(shared) {}
  ~BodyShare() { shared_.bodies_bytes.fetch_sub(held_); }
  BodyShare(BodyShare const&) = delete;
  bool grow_to(std::size_t bytes) {
    auto const more = bytes - held_;
    held_ = bytes;
    return shared_.bodies_bytes.fetch_add(more) + more <= shared_.options.limits.bodies_bytes_max;
  }

 private:
  Shared& shared_;
  std::size_t held_ = 0;
};

}  // namespace zhili::web::loop
