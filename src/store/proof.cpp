#include "store/proof.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>

#include "store/digest.hpp"
#include "store/errors.hpp"

namespace zhili::store {

namespace json = boost::json;
using core::Errc;
using core::Result;

namespace {

constexpr std::string_view format_name = "zhili proof 1";
constexpr std::size_t max_proof_bytes = 64 * 1024 * 1024;

json::object batch_header(HashedBatch const& b) {
  return {{"batch", b.batch},
          {"first_seq", b.first_seq},
          {"last_seq", b.last_seq},
          {"at", b.at},
          {"root", to_hex(b.root)}};
}

struct Material {
  json::object entry;
  std::vector<Digest> leaves;
  std::vector<HashedBatch> batches;  // the entry's first
  std::string chain_before;
};

std::optional<Digest> stored_digest(std::string_view hex) {
  auto const out = from_hex(hex);
  if (!out) raise(Trouble::corrupt, "a stored hash is not one");
  return out;
}

json::object read_entry(Reader& r, Seq seq) {
  json::object out;
  r.each<std::int64_t, std::optional<std::int64_t>, std::int64_t, std::int64_t, std::int64_t, std::string>(
      "SELECT at, happened, kind, subject, actor, payload FROM ledger WHERE seq = ?",
      [&](auto at, auto happened, auto kind, auto subject, auto actor, std::string payload) {
        out = {{"seq", seq},
               {"at", at},
               {"happened", happened ? json::value(*happened) : json::value(nullptr)},
               {"kind", kind},
               {"subject", subject},
               {"actor", actor},
               {"payload", std::move(payload)}};
      },
      seq);
  return out;
}

Result<Material> collect(Reader& r, Seq seq, std::optional<std::int64_t> until_batch) {
  Material out;
  out.entry = read_entry(r, seq);
  auto const first = r.value<std::int64_t>(
      "SELECT batch FROM ledger_batch WHERE last_seq >= ? ORDER BY last_seq LIMIT 1", seq);
  if (out.entry.empty() || !first)
    return core::fail(
        Errc::not_found, "ledger.entry",
        {fmt::format("账本中没有条目 {}。", seq), fmt::format("The ledger has no entry {}.", seq)}, "seq");
  if (until_batch && *until_batch < *first)
    return core::fail(
        Errc::invalid, "ledger.until",
        {fmt::format("条目 {} 属于第 {} 批，证明不能止于更早的第 {} 批。", seq, *first, *until_batch),
         fmt::format("Entry {} is in batch {}; a proof cannot end at the earlier batch {}.", seq, *first,
                     *until_batch)},
        "until");
  r.each<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string_view>(
      "SELECT batch, first_seq, last_seq, at, root FROM ledger_batch WHERE batch >= ? AND batch <= ? ORDER "
      "BY batch",
      [&](auto batch, auto first_seq, auto last_seq, auto at, std::string_view root) {
        out.batches.push_back({batch, first_seq, last_seq, at, *stored_digest(root)});
      },
      *first, until_batch.value_or(std::numeric_limits<std::int64_t>::max()));
  r.each<std::string_view>(
      "SELECT hash FROM ledger WHERE seq >= ? AND seq <= ? ORDER BY seq",
      [&](std::string_view hash) { out.leaves.push_back(*stored_digest(hash)); },
      out.batches.front().first_seq, out.batches.front().last_seq);
  auto const ledger_id = r.value<std::string>("SELECT value FROM meta WHERE name = 'ledger.id'").value_or("");
  out.chain_before = r.value<std::string>("SELECT chain FROM ledger_batch WHERE batch = ?", *first - 1)
                         .value_or(to_hex(chain_start(ledger_id)));
  return out;
}

tl::unexpected<core::Error> does_not_hold(std::string_view part) {
  return core::fail(Errc::invalid, "proof.broken",
                    {fmt::format("证明不成立：{} 不符。", part),
                     fmt::format("The proof does not hold: {} is not right.", part)},
                    std::string(part));
}

/// Reads members; the first that is missing or of the wrong type is remembered.
class Members {
 public:
  explicit Members(json::object const& object) : object_(object) {}
  std::int64_t number(char const* name) {
    auto const* value = object_.if_contains(name);
    if (value != nullptr && value->is_int64()) return value->get_int64();
    wrong_ = name;
    return 0;
  }
  std::string_view text(char const* name) {
    auto const* value = object_.if_contains(name);
    if (value != nullptr && value->is_string()) return value->get_string();
    wrong_ = name;
    return {};
  }
  Digest digest(char const* name) {
    auto const out = from_hex(text(name));
    if (!out) wrong_ = name;
    return out.value_or(Digest{});
  }
  json::value const* other(char const* name) { return object_.if_contains(name); }
  std::string const& wrong() const { return wrong_; }

 private:
  json::object const& object_;
  std::string wrong_;
};

Result<HashedBatch> parse_batch(json::value const* value) {
  if (value == nullptr || !value->is_object()) return does_not_hold("batch");
  Members m(value->get_object());
  HashedBatch const out{m.number("batch"), m.number("first_seq"), m.number("last_seq"), m.number("at"),
                        m.digest("root")};
  if (!m.wrong().empty()) return does_not_hold("batch." + m.wrong());
  return out;
}

Result<std::vector<Digest>> parse_path(json::value const* value) {
  std::vector<Digest> out;
  if (value == nullptr || !value->is_array()) return does_not_hold("path");
  for (auto const& step : value->get_array()) {
    auto const digest = step.is_string() ? from_hex(step.get_string()) : std::nullopt;
    if (!digest) return does_not_hold("path");
    out.push_back(*digest);
  }
  return out;
}

Result<Proved> parse_entry(json::value const* value, HashedEntry& entry) {
  if (value == nullptr || !value->is_object()) return does_not_hold("entry");
  Members m(value->get_object());
  entry = {m.number("seq"),   m.number("at"),   {}, m.number("kind"), m.number("subject"),
           m.number("actor"), m.text("payload")};
  auto const* happened = m.other("happened");
  if (happened != nullptr && happened->is_int64())
    entry.happened = happened->get_int64();
  else if (happened == nullptr || !happened->is_null())
    return does_not_hold("entry.happened");
  if (!m.wrong().empty()) return does_not_hold("entry." + m.wrong());
  return Proved{entry.seq,     core::from_ms(entry.at),    static_cast<core::EventKind>(entry.kind),
                entry.subject, std::string(entry.payload), {}};
}

/// Follows the later batches from the entry's own.
Result<Digest> follow(Hasher& hasher, Digest chain, HashedBatch last, json::value const* later) {
  chain = chain_link(hasher, chain, last);
  if (later == nullptr || !later->is_array()) return does_not_hold("later");
  for (auto const& value : later->get_array()) {
    ZHILI_TRY(auto const next, parse_batch(&value));
    if (next.batch != last.batch + 1 || next.first_seq != last.last_seq + 1) return does_not_hold("later");
    chain = chain_link(hasher, chain, next);
    last = next;
  }
  return chain;
}

}  // namespace

Result<std::string> prove(Db& db, Seq seq, std::optional<std::int64_t> until_batch) {
  ZHILI_TRY(auto material, db.read([&](Reader& r) { return collect(r, seq, until_batch); }));
  Hasher hasher;
  ManyHasher tree;
  auto const& own = material.batches.front();
  auto const index = static_cast<std::size_t>(seq - own.first_seq);
  json::array path;
  for (auto const& step : merkle_path(tree, material.leaves, index)) path.emplace_back(to_hex(step));
  json::array later;
  auto chain = *stored_digest(material.chain_before);
  for (auto const& batch : material.batches) {
    chain = chain_link(hasher, chain, batch);
    if (batch.batch != own.batch) later.emplace_back(batch_header(batch));
  }
  return json::serialize(json::object{{"format", format_name},
                                      {"suite", hash_suite},
                                      {"entry", std::move(material.entry)},
                                      {"path", std::move(path)},
                                      {"chain_before", material.chain_before},
                                      {"batch", batch_header(own)},
                                      {"later", std::move(later)},
                                      {"chain", to_hex(chain)}});
}

Result<Proved> check_proof(std::string_view text, std::string_view expected_chain) {
  boost::system::error_code error;
  if (text.size() > max_proof_bytes) return does_not_hold("size");
  auto const parsed = json::parse({text.data(), text.size()}, error);
  if (error || !parsed.is_object()) return does_not_hold("JSON");
  Members m(parsed.get_object());
  if (m.text("format") != format_name) return does_not_hold("format");
  if (m.text("suite") != hash_suite) return does_not_hold("suite");
  HashedEntry entry;
  ZHILI_TRY(auto out, parse_entry(m.other("entry"), entry));
  ZHILI_TRY(auto const batch, parse_batch(m.other("batch")));
  ZHILI_TRY(auto const path, parse_path(m.other("path")));
  if (entry.seq < batch.first_seq || entry.seq > batch.last_seq) return does_not_hold("entry.seq");
  if (entry.at != batch.at) return does_not_hold("entry.at");
  Hasher hasher;
  auto const root =
      root_of_path(hasher, entry_hash(hasher, entry), static_cast<std::size_t>(entry.seq - batch.first_seq),
                   static_cast<std::size_t>(batch.last_seq - batch.first_seq + 1), path);
  if (root != batch.root) return does_not_hold("path");
  ZHILI_TRY(auto const chain, follow(hasher, m.digest("chain_before"), batch, m.other("later")));
  if (!m.wrong().empty()) return does_not_hold(m.wrong());
  out.chain = to_hex(chain);
  if (out.chain != expected_chain || m.text("chain") != out.chain) return does_not_hold("chain");
  return out;
}

}  // namespace zhili::store
