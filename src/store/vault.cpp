#include "store/vault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "store/backup.hpp"
#include "store/database.hpp"
#include "store/digest.hpp"
#include "store/errors.hpp"
#include "store/vault_inside.hpp"

namespace zhili::store {

namespace json = boost::json;
using core::Errc;
using core::EventKind;
using core::Result;

namespace {

constexpr std::int64_t records_per_step = 500;  // destroyed in one piece of work
constexpr std::size_t key_readers = 4;

std::string fields_to_json(PrivateFields const& fields) {
  json::object out;
  for (auto const& [name, text] : fields) out[name] = text;
  return json::serialize(out);
}

Result<> check_reader(std::string_view actor, std::string_view purpose) {
  if (actor.empty() || purpose.empty())
    return core::fail(
        Errc::invalid, "vault.purpose",
        {"查看个人信息必须写明是谁、为了什么。", "Reading personal fields needs to say who and what for."},
        actor.empty() ? "actor" : "purpose");
  return {};
}

tl::unexpected<core::Error> nothing_there(bool destroyed) {
  if (destroyed)
    return core::fail(
        Errc::not_found, "vault.destroyed",
        {"这些个人信息已过保存期，密钥已销毁，无法再打开。",
         "These personal fields are past their time: their keys are destroyed and nobody can open them."});
  return core::fail(Errc::not_found, "vault.none",
                    {"这里没有个人信息。", "There are no personal fields here."});
}

tl::unexpected<core::Error> cannot_open(std::string_view record) {
  return core::fail(
      Errc::corrupt, "vault.broken",
      {"个人信息与密钥不符，无法打开。请检查密钥库是否属于这个数据库。",
       "The personal fields do not match their key. Check that the store of keys belongs to this database."},
      {}, std::string(record));
}

}  // namespace

std::string field_context(std::string_view record) {
  return fmt::format("zhili fields {}", record);
}
std::string key_context(std::string_view record) {
  return fmt::format("zhili key {}", record);
}

std::string named_key_context(std::string_view name) {
  return fmt::format("zhili named {}", name);
}

std::optional<PrivateFields> fields_from_json(std::string_view text) {
  boost::system::error_code error;
  auto const parsed = json::parse({text.data(), text.size()}, error);
  if (error || !parsed.is_object()) return std::nullopt;
  PrivateFields out;
  for (auto const& [name, value] : parsed.get_object())
    if (value.is_string()) out.emplace(name, value.get_string());
  return out;
}

std::string Sealed::reference() const {
  return fmt::format(R"({{"record":"{}","sha-256":"{}"}})", record, to_hex(sha256(text)));
}

Vault::Vault(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Vault::~Vault() = default;

Result<std::unique_ptr<Vault>> Vault::open(Db& db, VaultOptions const& options,
                                           core::TimeSource const& time) {
  ZHILI_TRY(auto keys, open_database({.url = options.url, .readers = key_readers},
                                     keys_purpose(), time));
  auto inside = std::make_unique<Inside>(Inside{.db = db, .time = time, .keys = std::move(keys), .master_file = options.master_key});
  ZHILI_CHECK(inside->take_master());
  return std::unique_ptr<Vault>(new Vault(std::move(inside)));
}

Result<Sealed> Vault::seal(PrivateFields const& fields, core::Instant keep_until) {
  auto const plain = fields_to_json(fields);
  if (plain.size() > max_private_bytes)
    return core::fail(Errc::limit, "vault.too_long",
                      {fmt::format("个人信息过长，最多 {} 字节。请缩短后再试。", max_private_bytes),
                       fmt::format("The personal fields are too long: at most {} bytes. Shorten them.",
                                   max_private_bytes)});
  if (keep_until <= inside_->time.now())
    return core::fail(
        Errc::invalid, "vault.keep_until",
        {"保存期限已过，不能再保存个人信息。", "The time to keep these fields is already over."},
        "keep_until");
  auto const key = Key::random();
  Sealed out{random_record_name(), {}, keep_until};
  out.text = seal_text(plain, key, field_context(out.record));
  auto const wrapped = wrap_key(key, inside_->wrapping, key_context(out.record));
  ZHILI_CHECK(inside_->keys->write([&](Writer& w) -> Result<> {
    ZHILI_CHECK(inside_->master_is_mine(w));
    w.exec("INSERT INTO record_key (record, wrapped, keep_until) VALUES (?, ?, ?)", out.record, wrapped,
           keep_until);
    for (auto const& [name, text] : fields)
      if (auto const tag = blind_tag(inside_->blinding, name, text); !tag.empty())
        w.exec("INSERT INTO blind_index (tag, record) VALUES (?, ?) ON CONFLICT DO NOTHING", tag, out.record);
    return {};
  }));
  return out;
}

void Vault::keep(Writer& writer, Seq subject, Sealed const& sealed) {
  writer.exec("INSERT INTO private_record (record, subject, keep_until, sealed) VALUES (?, ?, ?, ?)",
              sealed.record, subject, sealed.keep_until, sealed.text);
}

Result<PrivateFields> Vault::Inside::open_one(std::string const& record, std::string const& sealed) {
  ZHILI_TRY(auto const wrapped, keys->read([&](Reader& r) {
    return r.value<std::string>("SELECT wrapped FROM record_key WHERE record = ?", record);
  }));
  if (!wrapped) return nothing_there(true);
  auto const key = unwrap_key(*wrapped, wrapping, key_context(record));
  auto const plain = key ? open_text(sealed, *key, field_context(record)) : std::nullopt;
  auto fields = plain ? fields_from_json(*plain) : std::nullopt;
  if (!fields) return cannot_open(record);
  return std::move(*fields);
}

Result<std::vector<Opened>> Vault::Inside::open_all(Seq subject) {
  ZHILI_TRY(auto const records, db.read([&](Reader& r) {
    return r.rows<std::string, std::optional<std::string>>(
        "SELECT record, sealed FROM private_record WHERE subject = ? ORDER BY record", subject);
  }));
  std::vector<Opened> out;
  for (auto const& [record, sealed] : records) {
    if (!sealed) continue;
    auto fields = open_one(record, *sealed);
    if (!fields && fields.error().code == Errc::not_found) continue;  // destroyed a moment ago
    if (!fields) return core::fail(fields.error());
    out.push_back({record, std::move(*fields)});
  }
  if (out.empty()) return nothing_there(!records.empty());
  return out;
}

Result<std::vector<Opened>> Vault::read(Seq subject, std::string_view actor, std::string_view purpose, std::string_view post) {
  ZHILI_CHECK(check_reader(actor, purpose));
  ZHILI_TRY(auto out, inside_->open_all(subject));
  json::array records;
  for (auto const& opened : out) records.emplace_back(opened.record);
  json::object told{{"purpose", purpose}, {"records", records}};
  if (!post.empty()) told["post"] = post;
  auto const payload = json::serialize(told);
  ZHILI_CHECK(inside_->db.write(
      [&](Writer& w) { w.append({EventKind::private_read, subject, std::string(actor), payload}); }));
  return out;
}

Result<std::vector<Seq>> Vault::find(std::string_view field, std::string_view text, std::string_view actor,
                                     std::string_view purpose, std::string_view post) {
  ZHILI_CHECK(check_reader(actor, purpose));
  auto const tag = blind_tag(inside_->blinding, field, text);
  if (tag.empty())
    return core::fail(
        Errc::invalid, "vault.field",
        {"只能按姓名、电话或邮箱精确查找，且不能为空。",
         "Only a name, a phone number or a mail address can be looked up, and it must not be empty."},
        std::string(field));
  ZHILI_TRY(auto const records, inside_->keys->read([&](Reader& r) {
    return r.rows<std::string>("SELECT record FROM blind_index WHERE tag = ? LIMIT ?", tag, max_found);
  }));
  ZHILI_TRY(auto out, inside_->db.read([&](Reader& r) {
    std::vector<Seq> found;
    for (auto const& [record] : records)
      if (auto const subject =
              r.value<std::int64_t>("SELECT subject FROM private_record WHERE record = ?", record))
        found.push_back(*subject);
    return found;
  }));
  std::ranges::sort(out, std::greater{});
  out.erase(std::unique(out.begin(), out.end()), out.end());
  auto const told_apart = std::min(out.size(), max_told_found);
  json::object told{{"purpose", purpose}, {"lookup", field}};
  if (!post.empty()) told["post"] = post;
  auto const to_one = json::serialize(told);
  told["found"] = out.size() - told_apart;
  auto const to_rest = json::serialize(told);
  ZHILI_CHECK(inside_->db.write([&](Writer& w) {
    for (std::size_t i = 0; i < told_apart; ++i) w.append({EventKind::private_read, out[i], std::string(actor), to_one});
    if (told_apart == 0 || told_apart < out.size()) w.append({EventKind::private_read, 0, std::string(actor), to_rest});
  }));
  return out;
}

/// Some records whose time is over. The main database says so first: a kill in between is mended by the next
/// run, which still finds the key.
Result<std::int64_t> Vault::Inside::destroy_step(std::string_view actor) {
  ZHILI_TRY(auto const records, keys->read([&](Reader& r) {
    return r.rows<std::string>(
        "SELECT record FROM record_key WHERE keep_until <= ? ORDER BY keep_until LIMIT ?", time.now(),
        records_per_step);
  }));
  if (records.empty()) return 0;
  ZHILI_CHECK(db.write([&](Writer& w) {
    for (auto const& [record] : records) {
      auto const subject = w.value<std::int64_t>(
          "SELECT subject FROM private_record WHERE record = ? AND destroyed_at IS NULL", record);
      if (!subject) continue;
      w.exec("UPDATE private_record SET sealed = NULL, destroyed_at = ? WHERE record = ?", w.now(), record);
      w.append({EventKind::key_destroyed, *subject, std::string(actor),
                fmt::format(R"({{"record":"{}"}})", record)});
    }
  }));
  ZHILI_CHECK(keys->write([&](Writer& w) {
    for (auto const& [record] : records) {
      w.exec("DELETE FROM blind_index WHERE record = ?", record);
      w.exec("DELETE FROM record_key WHERE record = ?", record);
    }
  }));
  return static_cast<std::int64_t>(records.size());
}

Result<Destroyed> Vault::destroy_expired(std::string_view actor) {
  Destroyed out;
  for (;;) {
    ZHILI_TRY(auto const step, inside_->destroy_step(actor));
    if (step == 0) break;
    out.records += step;
  }
  ZHILI_TRY(auto const main_wiped, wipe(inside_->db));
  ZHILI_TRY(auto const keys_wiped, wipe(*inside_->keys));
  out.wiped = main_wiped && keys_wiped;
  return out;
}

Result<Destroyed> Vault::destroy(std::vector<Seq> const& subjects, std::string_view actor) {
  ZHILI_TRY(auto const records, inside_->db.read([&](Reader& r) {
    std::vector<std::string> out;
    for (auto const subject : subjects)
      r.each<std::string>(
          "SELECT record FROM private_record WHERE subject = ? AND destroyed_at IS NULL",
          [&](std::string record) { out.push_back(std::move(record)); }, subject);
    return out;
  }));
  // From here on they are expired, whatever happens.
  ZHILI_CHECK(inside_->keys->write([&](Writer& w) {
    for (auto const& record : records)
      w.exec("UPDATE record_key SET keep_until = 0 WHERE record = ?", record);
  }));
  return destroy_expired(actor);
}

Result<> Vault::backup_keys(std::filesystem::path const& directory) {
  ZHILI_CHECK(backup(*inside_->keys, directory, "keys.db"));
  return copy_synced(inside_->master_file, directory / "master.key");
}

}  // namespace zhili::store
