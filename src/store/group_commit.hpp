#pragma once
// The one thread that writes: many pieces of work, one transaction, one sync to the disk.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "store/db.hpp"
#include "store/ledger.hpp"
#include "store/session.hpp"

namespace zhili::store {

inline constexpr std::size_t max_waiting_pieces = 10'000;  ///< more are refused with Errc::busy
inline constexpr std::size_t max_pieces_per_batch = 500;
inline constexpr std::size_t max_pieces_per_batch_bulk = 4'000;

/// Takes whatever waits, runs it in one transaction, syncs, and only then acknowledges. Thread-safe.
class GroupCommit {
 public:
  using Work = std::function<core::Result<>(Writer&)>;
  using Done = std::function<void(core::Result<>)>;
  using Connect = std::function<std::unique_ptr<Session>()>;

  /// `connect` is called again when a server has gone away.
  GroupCommit(std::unique_ptr<Session> session, Connect connect, core::TimeSource const& time,
              bool with_ledger, std::size_t pieces_per_batch);
  /// Runs what still waits, then stops.
  ~GroupCommit();
  GroupCommit(GroupCommit const&) = delete;
  GroupCommit& operator=(GroupCommit const&) = delete;

  /// `done` is called exactly once, on the writer's thread, or at once on this one when the queue is full.
  void later(Work work, Done done);
  /// Waits. `work` is not copied.
  core::Result<> now(Work const& work);
  void on_commit(std::function<void(Seq)> listener);
  CommitStats stats() const;
  /// Runs `task` on the writer's thread and connection between two batches, outside any transaction; `task`
  /// says whether it wants another turn after the next batch.
  void between_batches(std::function<bool(Session&)> task);

 private:
  struct Piece {
    Work work;
    Done done;
    core::Result<> outcome = {};
  };
  class BatchWriter;

  void loop();
  bool take(std::vector<Piece>& batch);
  void run(std::vector<Piece>& batch);
  core::Result<> run_transaction(std::vector<Piece>& batch);
  void begin();
  void tell(Seq last);
  void commit(std::size_t pieces);
  void run_pieces(std::vector<Piece>& batch);
  void run_piece(Piece& piece, bool alone);
  bool connected();
  void run_tasks();

  core::TimeSource const& time_;
  std::size_t const pieces_per_batch_;
  Connect connect_;
  std::unique_ptr<Session> session_;
  bool const with_ledger_;
  std::unique_ptr<LedgerBatch> ledger_;  // none for a database that has no ledger
  std::chrono::steady_clock::time_point next_connect_{};
  std::chrono::milliseconds connect_pause_{};

  mutable std::mutex mutex_;
  CommitStats stats_;
  std::condition_variable wake_;
  std::deque<Piece> waiting_;
  std::vector<std::function<bool(Session&)>> tasks_;
  std::function<void(Seq)> listener_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace zhili::store
