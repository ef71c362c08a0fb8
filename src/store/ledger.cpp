#include "store/ledger.hpp"

#include <sodium.h>

#include <algorithm>

#include "store/errors.hpp"

namespace zhili::store {

namespace {

constexpr std::size_t max_known_actors = 10'000;

using Row = std::tuple<std::int64_t, std::int64_t, std::optional<std::int64_t>, std::int64_t, std::int64_t,
                       std::string, std::string>;

std::vector<Recorded> recorded(std::vector<Row> rows) {
  std::vector<Recorded> out;
  out.reserve(rows.size());
  for (auto& [seq, at, happened, kind, subject, actor, payload] : rows)
    out.push_back({seq, core::from_ms(at), happened ? std::optional(core::from_ms(*happened)) : std::nullopt,
                   static_cast<core::EventKind>(kind), subject, std::move(actor), std::move(payload)});
  return out;
}

std::string random_name() {
  Digest bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return to_hex(bytes).substr(0, 32);
}

}  // namespace

std::string json_quoted(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\')
      out.append({'\\', c});
    else if (static_cast<unsigned char>(c) < 0x20)
      out.append("\\u00").append({digits[c >> 4], digits[c & 0xf]});
    else
      out.push_back(c);
  }
  return out + '"';
}

std::vector<Recorded> entries_of(Reader& reader, Seq subject) {
  return recorded(
      reader.rows<std::int64_t, std::int64_t, std::optional<std::int64_t>, std::int64_t, std::int64_t,
                  std::string, std::string>("SELECT l.seq, l.at, l.happened, l.kind, l.subject, a.ref, "
                                            "l.payload FROM ledger l JOIN actor a ON a.id = l.actor"
                                            " WHERE l.subject = ? ORDER BY l.seq",
                                            subject));
}

std::vector<Recorded> newest_entries_of(Reader& reader, Seq subject, std::size_t limit) {
  auto out = recorded(
      reader.rows<std::int64_t, std::int64_t, std::optional<std::int64_t>, std::int64_t, std::int64_t,
                  std::string, std::string>("SELECT l.seq, l.at, l.happened, l.kind, l.subject, a.ref, "
                                            "l.payload FROM ledger l JOIN actor a ON a.id = l.actor"
                                            " WHERE l.subject = ? ORDER BY l.seq DESC LIMIT ?",
                                            subject, limit));
  std::ranges::reverse(out);
  return out;
}

std::vector<Recorded> entries_after(Reader& reader, Seq seq, std::size_t limit) {
  return recorded(
      reader.rows<std::int64_t, std::int64_t, std::optional<std::int64_t>, std::int64_t, std::int64_t,
                  std::string, std::string>("SELECT l.seq, l.at, l.happened, l.kind, l.subject, a.ref, "
                                            "l.payload FROM ledger l JOIN actor a ON a.id = l.actor"
                                            " WHERE l.seq > ? ORDER BY l.seq LIMIT ?",
                                            seq, limit));
}

Seq last_seq(Reader& reader) {
  return reader.value<std::int64_t>("SELECT seq FROM ledger_head WHERE one = 1").value_or(0);
}

std::string actor_payload(std::string_view ref) {
  return "{\"ref\":" + json_quoted(ref) + "}";
}

void LedgerBatch::found(Session& session) {
  Statements sql(session);
  session.begin_write();
  try {
    if (!sql.value<std::int64_t>("SELECT one FROM ledger_head WHERE one = 1")) {
      auto const name = random_name();
      sql.exec("INSERT INTO meta (name, value) VALUES ('ledger.suite', ?)", hash_suite);
      sql.exec("INSERT INTO meta (name, value) VALUES ('ledger.id', ?)", name);
      sql.exec("INSERT INTO ledger_head (one, batch, seq, at, chain) VALUES (1, 0, 0, 0, ?)",
               to_hex(chain_start(name)));
    }
    session.commit();
  } catch (...) {
    session.rollback();
    throw;
  }
}

void LedgerBatch::begin(core::Instant now) {
  back_to({});
  auto const head = sql_.row<std::int64_t, std::int64_t, std::int64_t, std::string>(
      "SELECT batch, seq, at, chain FROM ledger_head WHERE one = 1");
  if (!head) raise(Trouble::corrupt, "the head of the ledger is missing");
  auto const chain = from_hex(std::get<3>(*head));
  if (!chain) raise(Trouble::corrupt, "the head of the ledger has no chain hash");
  head_batch_ = std::get<0>(*head);
  head_seq_ = std::get<1>(*head);
  at_ms_ = std::max(core::to_ms(now), std::get<2>(*head));
  head_chain_ = *chain;
}

void LedgerBatch::write(HashedEntry const& entry) {
  auto const hash = entry_hash(hasher_, entry);
  sql_.exec(
      "INSERT INTO ledger (seq, at, happened, kind, subject, actor, payload, hash) VALUES (?, ?, ?, ?, ?, ?, "
      "?, ?)",
      entry.seq, entry.at, entry.happened, entry.kind, entry.subject, entry.actor, entry.payload,
      to_hex(hash));
  leaves_.push_back(hash);
}

std::int64_t LedgerBatch::actor_id(std::string_view ref) {
  if (auto const known = actors_.find(ref); known != actors_.end()) return known->second;
  if (auto const stored = sql_.value<std::int64_t>("SELECT id FROM actor WHERE ref = ?", ref)) {
    if (actors_.size() >= max_known_actors && new_actors_.empty()) actors_.clear();
    actors_.emplace(ref, *stored);
    return *stored;
  }
  auto const id = last() + 1;
  auto const payload = actor_payload(ref);
  write({id, at_ms_, std::nullopt, static_cast<std::int64_t>(core::EventKind::actor_known), id, id, payload});
  sql_.exec("INSERT INTO actor (id, ref) VALUES (?, ?)", id, ref);
  new_actors_.emplace_back(ref);
  actors_.emplace(ref, id);
  return id;
}

Seq LedgerBatch::append(Entry const& entry) {
  auto const actor = actor_id(entry.actor);
  auto const seq = last() + 1;
  write({seq, at_ms_, entry.happened ? std::optional(core::to_ms(*entry.happened)) : std::nullopt,
         static_cast<std::int64_t>(entry.kind), entry.subject == 0 ? seq : entry.subject, actor,
         entry.payload});
  return seq;
}

void LedgerBatch::back_to(Mark const& mark) {
  leaves_.resize(mark.leaves);
  for (auto i = mark.actors; i < new_actors_.size(); ++i) actors_.erase(new_actors_[i]);
  new_actors_.resize(mark.actors);
}

void LedgerBatch::seal() {
  if (empty()) return;
  HashedBatch const batch{head_batch_ + 1, head_seq_ + 1, last(), at_ms_, merkle_root(tree_, leaves_)};
  auto const chain = to_hex(chain_link(hasher_, head_chain_, batch));
  sql_.exec(
      "INSERT INTO ledger_batch (batch, first_seq, last_seq, at, root, chain) VALUES (?, ?, ?, ?, ?, ?)",
      batch.batch, batch.first_seq, batch.last_seq, batch.at, to_hex(batch.root), chain);
  sql_.exec("UPDATE ledger_head SET batch = ?, seq = ?, at = ?, chain = ? WHERE one = 1", batch.batch,
            batch.last_seq, batch.at, chain);
}

void LedgerBatch::committed() {
  new_actors_.clear();
}

}  // namespace zhili::store
