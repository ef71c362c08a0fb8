#include "store/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "store/digest.hpp"
#include "store/ledger.hpp"

namespace zhili::store {

using core::Result;

namespace {

constexpr std::size_t batches_per_page = 10'000;
constexpr std::int64_t entries_per_chunk = 20'000;  // one read by one thread
constexpr std::size_t entries_hashed_at_once = 1'024;

struct Head {
  std::string suite, ledger_id, chain;
  std::int64_t batch = 0;
  Seq seq = 0;
  Seq lowest = 0, highest = 0;  // of the entries, batched or not
  std::int64_t last_batch = 0;
  Seq last_batched = 0;
};

/// The earliest finding of several threads, and the actors that they met.
class Findings {
 public:
  void add_actors(std::vector<std::pair<Seq, std::string>> met) {
    std::lock_guard const lock(mutex_);
    std::ranges::move(met, std::back_inserter(actors_));
  }
  std::vector<std::pair<Seq, std::string>> take_actors() { return std::move(actors_); }
  void add(Seq seq, core::Text what) {
    std::lock_guard const lock(mutex_);
    if (!first_ || seq < first_->seq) first_ = Finding{seq, std::move(what)};
  }
  std::optional<Finding> first() const {
    std::lock_guard const lock(mutex_);
    return first_;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<Finding> first_;
  std::vector<std::pair<Seq, std::string>> actors_;
};

Result<Head> read_head(Db& db) {
  return db.read([](Reader& r) {
    Head out;
    auto const meta = [&](std::string_view name) {
      return r.value<std::string>("SELECT value FROM meta WHERE name = ?", name).value_or("");
    };
    out.suite = meta("ledger.suite");
    out.ledger_id = meta("ledger.id");
    if (auto head = r.row<std::int64_t, std::int64_t, std::string>(
            "SELECT batch, seq, chain FROM ledger_head WHERE one = 1"))
      std::tie(out.batch, out.seq, out.chain) = std::move(*head);
    out.lowest = r.value<std::int64_t>("SELECT coalesce(min(seq), 1) FROM ledger").value_or(1);
    out.highest = r.value<std::int64_t>("SELECT coalesce(max(seq), 0) FROM ledger").value_or(0);
    if (auto last = r.row<std::int64_t, std::int64_t>(
            "SELECT batch, last_seq FROM ledger_batch ORDER BY batch DESC LIMIT 1"))
      std::tie(out.last_batch, out.last_batched) = *last;
    return out;
  });
}

/// Recomputes the entries of consecutive batches. One for each thread.
class EntryCheck {
 public:
  explicit EntryCheck(Findings& findings) : findings_(findings) {}

  void run(Reader& reader, std::span<HashedBatch const> batches) {
    batch_ = batches.begin();
    last_ = std::prev(batches.end());
    touched_ = false;
    expected_ = batch_->first_seq;
    leaves_.clear();
    reader.each<std::int64_t, std::int64_t, std::optional<std::int64_t>, std::int64_t, std::int64_t,
                std::int64_t, std::string_view, std::string_view>(
        "SELECT seq, at, happened, kind, subject, actor, payload, hash FROM ledger WHERE seq BETWEEN ? AND ?"
        " ORDER BY seq",
        [&](std::int64_t seq, std::int64_t at, std::optional<std::int64_t> happened, std::int64_t kind,
            std::int64_t subject, std::int64_t actor, std::string_view payload,
            std::string_view hash) { read({seq, at, happened, kind, subject, actor, payload}, hash); },
        batches.front().first_seq, batches.back().last_seq);
    check_read();
    if (expected_ <= batches.back().last_seq) missing(expected_);
    findings_.add_actors(std::exchange(actors_, {}));
  }

 private:
  struct Stored {
    Seq seq = 0;
    std::int64_t at = 0;
    std::optional<Digest> hash;
  };

  void read(HashedEntry const& entry, std::string_view hash) {
    add_entry(entries_, entry);
    read_.push_back({entry.seq, entry.at, from_hex(hash)});
    if (entry.kind == static_cast<std::int64_t>(core::EventKind::actor_known))
      actors_.emplace_back(entry.seq, entry.payload);
    if (read_.size() == entries_hashed_at_once) check_read();
  }

  void check_read() {
    auto const hashes = entries_.finish();
    for (std::size_t i = 0; i < read_.size(); ++i) check(read_[i], hashes[i]);
    read_.clear();
  }

  void check(Stored const& entry, Digest const& hash) {
    if (entry.seq != expected_) missing(expected_);
    expected_ = entry.seq + 1;
    while (entry.seq > batch_->last_seq) next_batch();
    if (entry.hash != hash || entry.at != batch_->at) {
      touched_ = true;
      findings_.add(entry.seq, {fmt::format("条目 {} 的内容与其哈希不符：已被改动", entry.seq),
                                fmt::format("entry {} does not match its hash: it was changed", entry.seq)});
    }
    leaves_.push_back(hash);
    if (entry.seq == batch_->last_seq) end_of_batch();
  }

  void end_of_batch() {
    auto const complete =
        leaves_.size() == static_cast<std::size_t>(batch_->last_seq - batch_->first_seq + 1);
    // An entry that was found already explains a wrong root.
    if (complete && !touched_ && merkle_root(tree_, leaves_) != batch_->root)
      findings_.add(batch_->first_seq, {fmt::format("条目 {} 至 {} 中有改动、调换或替换：与本批的根不符",
                                                    batch_->first_seq, batch_->last_seq),
                                        fmt::format("one of the entries {} to {} was changed, moved or "
                                                    "replaced: they do not give the root of their batch",
                                                    batch_->first_seq, batch_->last_seq)});
    next_batch();
  }

  void next_batch() {
    if (batch_ != last_) ++batch_;
    leaves_.clear();
    touched_ = false;
  }

  void missing(Seq seq) {
    findings_.add(seq, {fmt::format("缺少条目 {}", seq), fmt::format("entry {} is missing", seq)});
  }

  Findings& findings_;
  ManyHasher entries_;
  ManyHasher tree_;
  std::vector<Stored> read_;
  std::span<HashedBatch const>::iterator batch_{}, last_{};
  bool touched_ = false;
  Seq expected_ = 0;
  std::vector<Digest> leaves_;
  std::vector<std::pair<Seq, std::string>> actors_;
};

/// Consecutive batches with some ten thousand entries.
std::vector<std::span<HashedBatch const>> chunks_of(std::span<HashedBatch const> batches) {
  std::vector<std::span<HashedBatch const>> out;
  for (std::size_t begin = 0; begin < batches.size();) {
    auto end = begin + 1;
    while (end < batches.size() && batches[end].last_seq - batches[begin].first_seq < entries_per_chunk)
      ++end;
    out.push_back(batches.subspan(begin, end - begin));
    begin = end;
  }
  return out;
}

Result<> check_entries(Db& db, std::span<HashedBatch const> batches, Findings& findings,
                       std::function<void(Seq)> const& progress) {
  auto const chunks = chunks_of(batches);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  Result<> out;
  auto const worker = [&](bool tells) {
    EntryCheck check(findings);
    for (auto i = next++; i < chunks.size(); i = next++) {
      auto const done = db.read([&](Reader& r) { check.run(r, chunks[i]); });
      if (done && tells) progress(chunks[i].back().last_seq);
      if (done) continue;
      std::lock_guard const lock(mutex);
      out = core::fail(done.error());
      return;
    }
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min(verify_threads, chunks.size()); ++i)
    helpers.emplace_back(worker, false);
  worker(true);
  helpers.clear();
  return out;
}

/// Walks the chain of batches.
class ChainCheck {
 public:
  ChainCheck(Head const& head, Findings& findings)
      : findings_(findings), chain_(chain_start(head.ledger_id)) {}

  /// Whether the page's entries can be looked at: their bounds make sense.
  bool add(HashedBatch const& batch, std::string_view stored_chain) {
    auto const next = batch_ + 1;
    if (batch.batch != next || batch.first_seq != seq_ + 1 || batch.last_seq < batch.first_seq ||
        batch.at < at_) {
      findings_.add(seq_ + 1, {fmt::format("第 {} 批记录缺失或被改动（从条目 {} 起）", next, seq_ + 1),
                               fmt::format("the record of batch {} is missing or changed (from entry {})",
                                           next, seq_ + 1)});
      return false;
    }
    chain_ = chain_link(hasher_, chain_, batch);
    if (from_hex(stored_chain) != chain_)
      findings_.add(batch.first_seq, {fmt::format("第 {} 批（条目 {} 至 {}）的链接不符", batch.batch,
                                                  batch.first_seq, batch.last_seq),
                                      fmt::format("the link of batch {} (entries {} to {}) does not hold",
                                                  batch.batch, batch.first_seq, batch.last_seq)});
    batch_ = batch.batch;
    seq_ = batch.last_seq;
    at_ = batch.at;
    return true;
  }
  std::int64_t batch() const { return batch_; }
  Seq seq() const { return seq_; }
  std::string chain() const { return to_hex(chain_); }

 private:
  Findings& findings_;
  Hasher hasher_;
  Digest chain_;
  std::int64_t batch_ = 0;
  Seq seq_ = 0;
  std::int64_t at_ = 0;
};

Result<> check_actors(Db& db, Seq up_to, Findings& findings) {
  auto known = findings.take_actors();
  std::ranges::sort(known);
  auto const wrong = [&](Seq id) {
    findings.add(id, {fmt::format("人员表与条目 {} 所登记的人员不符", id),
                      fmt::format("the table of actors does not have what entry {} made known", id)});
  };
  return db.read([&](Reader& r) {
    auto next = known.begin();
    r.each<std::int64_t, std::string_view>(
        "SELECT id, ref FROM actor WHERE id <= ? ORDER BY id",
        [&](std::int64_t id, std::string_view ref) {
          for (; next != known.end() && next->first < id; ++next) wrong(next->first);
          if (next == known.end() || next->first != id || next->second != actor_payload(ref)) wrong(id);
          if (next != known.end() && next->first == id) ++next;
        },
        up_to);
    for (; next != known.end(); ++next) wrong(next->first);
  });
}

void check_ends(Head const& head, ChainCheck const& chain, std::string const& expected, bool expected_seen,
                Findings& findings) {
  auto const end = chain.seq() + 1;
  if (head.lowest < 1)
    findings.add(head.lowest, {fmt::format("条目 {} 不属于账本", head.lowest),
                               fmt::format("entry {} is not of this ledger", head.lowest)});
  if (head.highest > head.last_batched)
    findings.add(
        head.last_batched + 1,
        {fmt::format("条目 {} 不属于任何一批：是事后加入的", head.last_batched + 1),
         fmt::format("entry {} belongs to no batch: it was added from outside", head.last_batched + 1)});
  if (head.seq != chain.seq() || head.batch != chain.batch() || head.chain != chain.chain())
    findings.add(std::min(end, head.seq + 1),
                 {fmt::format("账本末端记录（条目 {}）与链（条目 {}）不符：末尾被截断、添加或改动", head.seq,
                              chain.seq()),
                  fmt::format("the head of the ledger (entry {}) does not match the chain (entry {}): its "
                              "end was cut, added to or changed",
                              head.seq, chain.seq())});
  if (!expected.empty() && !expected_seen)
    findings.add(end,
                 {"先前记下的链首不在这条链上：账本被截断或改写",
                  "the head that was noted before is not on this chain: the ledger was cut or rewritten"});
}

}  // namespace

Result<Verdict> verify(Db& db, VerifyProgress const& progress, std::string const& expected_chain) {
  ZHILI_TRY(auto const head, read_head(db));
  Findings findings;
  if (head.suite != hash_suite)
    findings.add(1,
                 {"账本未写明哈希算法，或本程序不认识", "the ledger names no suite that this program knows"});
  ChainCheck chain(head, findings);
  bool seen = expected_chain == chain.chain();
  auto const tell = [&](Seq done) {
    if (progress) progress(done, head.last_batched);
  };
  std::vector<HashedBatch> page;
  while (chain.batch() < head.last_batch) {
    page.clear();
    bool whole = true;
    ZHILI_CHECK(db.read([&](Reader& r) {
      r.each<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string_view, std::string_view>(
          "SELECT batch, first_seq, last_seq, at, root, chain FROM ledger_batch WHERE batch > ? AND batch <= "
          "?"
          " ORDER BY batch LIMIT ?",
          [&](auto batch, auto first, auto last, auto at, std::string_view root, std::string_view stored) {
            page.push_back({batch, first, last, at, from_hex(root).value_or(Digest{})});
            if (whole && !chain.add(page.back(), stored)) whole = false;
            if (!whole) page.pop_back();
            seen = seen || stored == expected_chain;
          },
          chain.batch(), head.last_batch, batches_per_page);
    }));
    if (!page.empty()) ZHILI_CHECK(check_entries(db, page, findings, tell));
    if (!whole || page.empty()) break;
  }
  // Behind the first break nothing more can be told.
  if (chain.batch() == head.last_batch || !findings.first())
    check_ends(head, chain, expected_chain, seen, findings);
  ZHILI_CHECK(check_actors(db, head.last_batched, findings));
  return Verdict{chain.seq(), chain.batch(), chain.seq(), chain.chain(), findings.first()};
}

}  // namespace zhili::store
