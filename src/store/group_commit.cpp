#include "store/group_commit.hpp"

#include <algorithm>
#include <future>

#include "store/errors.hpp"

namespace zhili::store {

using core::Errc;
using core::Error;
using core::Result;

namespace {

constexpr std::chrono::milliseconds first_connect_pause{50};
constexpr std::chrono::milliseconds longest_connect_pause{2'000};

Error queue_full() {
  return {Errc::busy,
          "store.queue_full",
          {"待写入的内容太多，请稍后再试。", "Too much is waiting to be written; try again in a moment."}};
}

/// Runs `step`, and turns whatever it throws into an error.
template <class Step>
Result<> caught(Step const& step) {
  try {
    return step();
  } catch (Failure& failure) {
    return core::fail(std::move(failure.error));
  } catch (std::exception const& error) {
    return core::fail(work_threw(error.what()));
  } catch (...) {
    return core::fail(work_threw("unknown exception"));
  }
}

}  // namespace

class GroupCommit::BatchWriter final : public Statements {
 public:
  BatchWriter(Session& session, LedgerBatch* ledger, core::Instant now)
      : Statements(session), ledger_(ledger), now_(now) {}
  Seq append(Entry entry) override {
    if (ledger_ == nullptr) raise(Trouble::statement, "this database has no ledger");
    if (core::name(entry.kind).empty()) raise(Trouble::statement, "an entry of a kind without a name");
    return ledger_->append(entry);
  }
  core::Instant now() const override { return now_; }

 private:
  LedgerBatch* ledger_;
  core::Instant now_;
};

GroupCommit::GroupCommit(std::unique_ptr<Session> session, Connect connect, core::TimeSource const& time,
                         bool with_ledger, std::size_t pieces_per_batch)
    : time_(time),
      pieces_per_batch_(pieces_per_batch),
      connect_(std::move(connect)),
      session_(std::move(session)),
      with_ledger_(with_ledger),
      ledger_(with_ledger ? std::make_unique<LedgerBatch>(*session_) : nullptr),
      thread_([this] { loop(); }) {}

GroupCommit::~GroupCommit() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void GroupCommit::later(Work work, Done done) {
  {
    std::unique_lock lock(mutex_);
    if (waiting_.size() >= max_waiting_pieces) {
      lock.unlock();
      done(core::fail(queue_full()));
      return;
    }
    waiting_.push_back({std::move(work), std::move(done)});
  }
  wake_.notify_one();
}

Result<> GroupCommit::now(Work const& work) {
  std::promise<Result<>> outcome;  // not a semaphore: libstdc++'s spins before it sleeps
  auto future = outcome.get_future();
  later([&](Writer& writer) { return work(writer); }, [&](Result<> o) { outcome.set_value(std::move(o)); });
  return future.get();
}

void GroupCommit::on_commit(std::function<void(Seq)> listener) {
  std::lock_guard const lock(mutex_);
  listener_ = std::move(listener);
}

void GroupCommit::between_batches(std::function<bool(Session&)> task) {
  {
    std::lock_guard const lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

bool GroupCommit::take(std::vector<Piece>& batch) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return stopping_ || !waiting_.empty() || !tasks_.empty(); });
  auto const count = std::min(waiting_.size(), pieces_per_batch_);
  for (std::size_t i = 0; i < count; ++i) {
    batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return !(stopping_ && batch.empty() && tasks_.empty());
}

void GroupCommit::loop() {
  std::vector<Piece> batch;
  while (take(batch)) {
    if (!batch.empty()) run(batch);
    batch.clear();
    run_tasks();
  }
}

void GroupCommit::run_tasks() {
  std::vector<std::function<bool(Session&)>> tasks;
  {
    std::lock_guard const lock(mutex_);
    tasks.swap(tasks_);
  }
  std::erase_if(tasks, [&](auto const& task) { return !task(*session_); });
  std::lock_guard const lock(mutex_);
  std::ranges::move(tasks, std::back_inserter(tasks_));
}

bool GroupCommit::connected() {
  if (session_->alive()) return true;
  auto const now = std::chrono::steady_clock::now();
  if (now < next_connect_) return false;
  try {
    auto fresh = connect_();
    if (with_ledger_) ledger_ = std::make_unique<LedgerBatch>(*fresh);
    session_ = std::move(fresh);
    connect_pause_ = {};
    return true;
  } catch (Failure const&) {
    connect_pause_ = std::clamp(connect_pause_ * 2, first_connect_pause, longest_connect_pause);
    next_connect_ = now + connect_pause_;
    return false;
  }
}

void GroupCommit::begin() {
  auto const no_connection = [] { raise(Trouble::disconnected, "no connection"); };
  if (!connected()) no_connection();
  try {
    session_->begin_write();
  } catch (Failure const&) {
    // A server that was restarted is noticed only now; no piece has run yet, so beginning again is safe.
    if (session_->alive()) throw;
    if (!connected()) no_connection();
    session_->begin_write();
  }
}

Result<> GroupCommit::run_transaction(std::vector<Piece>& batch) {
  auto out = caught([&]() -> Result<> {
    begin();
    if (ledger_) ledger_->begin(time_.now());
    run_pieces(batch);
    if (ledger_) ledger_->seal();
    commit(batch.size());
    if (ledger_) ledger_->committed();
    return {};
  });
  if (!out) session_->rollback();
  return out;
}

void GroupCommit::run(std::vector<Piece>& batch) {
  auto const whole = run_transaction(batch);
  for (auto& piece : batch) {
    // A piece that failed by itself keeps its own reason.
    if (!whole && piece.outcome) piece.outcome = core::fail(whole.error());
    piece.done(std::move(piece.outcome));
  }
  if (whole && ledger_ && !ledger_->empty()) tell(ledger_->last());
}

void GroupCommit::commit(std::size_t pieces) {
  auto const begin = std::chrono::steady_clock::now();
  session_->commit();
  std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
  auto const& edges = CommitStats::edges_s;
  auto const bucket = std::lower_bound(edges.begin(), edges.end(), took.count()) - edges.begin();
  std::lock_guard const lock(mutex_);
  ++stats_.counts[static_cast<std::size_t>(bucket)];
  stats_.sum_s += took.count();
  stats_.pieces += pieces;
}

CommitStats GroupCommit::stats() const {
  std::lock_guard const lock(mutex_);
  auto out = stats_;
  out.waiting = waiting_.size();
  return out;
}

void GroupCommit::tell(Seq last) {
  std::function<void(Seq)> listener;
  {
    std::lock_guard const lock(mutex_);
    listener = listener_;
  }
  if (listener) listener(last);
}

void GroupCommit::run_pieces(std::vector<Piece>& batch) {
  bool const alone = batch.size() == 1;  // then the transaction itself is the savepoint
  for (auto& piece : batch) {
    run_piece(piece, alone);
    if (!session_->in_transaction())
      throw Failure{piece.outcome ? work_threw("the transaction ended early") : piece.outcome.error()};
  }
  if (alone && !batch.front().outcome) throw Failure{batch.front().outcome.error()};
}

void GroupCommit::run_piece(Piece& piece, bool alone) {
  auto const mark = ledger_ ? ledger_->mark() : LedgerBatch::Mark{};
  if (!alone) session_->savepoint();
  BatchWriter writer(*session_, ledger_.get(), ledger_ ? ledger_->at() : time_.now());
  piece.outcome = caught([&] { return piece.work(writer); });
  if (alone || !session_->in_transaction()) return;
  if (piece.outcome)
    // Fails where the work swallowed a Failure: then the piece has failed, whatever it says.
    piece.outcome = caught([&]() -> Result<> { return session_->release(), Result<>(); });
  if (piece.outcome || !session_->in_transaction()) return;
  session_->rollback_to_savepoint();
  if (ledger_) ledger_->back_to(mark);
}

}  // namespace zhili::store
