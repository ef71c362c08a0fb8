// The master key: taken at the start, rotated when somebody may have seen it.
//
// A rotation is four steps, and a kill between any two leaves a store that opens:
//   1. the new key is written to master.key.next                     the old one is in use; the next start throws .next away
//   2. all keys are wrapped by it, in one transaction                .next is in use; the next start goes on with 3
//   3. the ledger says that the key was rotated                      the same; it is not said twice
//   4. master.key.next takes the place of master.key                 done
#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "store/backup.hpp"
#include "store/vault_inside.hpp"

namespace zhili::store {

using core::Errc;
using core::EventKind;
using core::Result;

namespace {

constexpr std::int64_t records_per_page = 1'000;  // read at once while rewrapping

/// Says which key it is and nothing about it.
std::string fingerprint_of(Key const& master) {
  auto const name = derive(master, "zhili name 1");
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) out += fmt::format("{:02x}", name.data()[i]);
  return out;
}

tl::unexpected<core::Error> other_master() {
  return core::fail(Errc::corrupt, "vault.other_master",
                    {"主密钥与密钥库不符。请恢复属于这个密钥库的主密钥。",
                     "The master key is not the one of this store of keys. Restore the one that belongs to it."},
                    "master_key");
}

Result<> set_fingerprint(Writer& w, std::string const& fingerprint) {
  w.exec("DELETE FROM master_key");
  w.exec("INSERT INTO master_key (fingerprint) VALUES (?)", fingerprint);
  return {};
}

}  // namespace

void Vault::Inside::use(Key const& master) {
  wrapping = derive(master, "zhili wrap 1");
  blinding = derive(master, "zhili blind 1");
  fingerprint = fingerprint_of(master);
}

Result<> Vault::Inside::take_master() {
  ZHILI_TRY(auto const any, keys->read([](Reader& r) {
    auto const record = r.value<std::string>("SELECT record FROM record_key LIMIT 1");
    return record ? record : r.value<std::string>("SELECT name FROM named_key LIMIT 1");
  }));
  ZHILI_TRY(auto const known, keys->read([](Reader& r) {
    return r.value<std::string>("SELECT fingerprint FROM master_key");
  }));
  ZHILI_TRY(auto const master, master_key(master_file, !any));
  use(master);
  std::error_code error;
  if (!any || !known) {
    std::filesystem::remove(next_file(), error);
    return keys->write([&](Writer& w) { return set_fingerprint(w, fingerprint); });
  }
  if (*known == fingerprint) {
    std::filesystem::remove(next_file(), error);
    return {};
  }
  if (!std::filesystem::exists(next_file(), error)) return other_master();
  ZHILI_TRY(auto const next, master_key(next_file(), false));
  if (fingerprint_of(next) != *known) return other_master();
  use(next);
  return publish_master("system");
}

Result<> Vault::Inside::master_is_mine(Reader& reader) const {
  auto const known = reader.value<std::string>("SELECT fingerprint FROM master_key");
  if (known == fingerprint) return {};
  return core::fail(Errc::conflict, "vault.rotated",
                    {"主密钥已经更换，本进程用的还是旧的。请重启。",
                     "The master key was rotated, and this process still has the old one. Restart it."},
                    "master_key");
}

Result<> Vault::Inside::rewrap_one(Writer& w, std::string const& record, std::string const& wrapped, Key const& new_wrapping,
                                   Key const& new_blinding) {
  auto const key = unwrap_key(wrapped, wrapping, key_context(record));
  if (!key) return other_master();
  w.exec("UPDATE record_key SET wrapped = ? WHERE record = ?", wrap_key(*key, new_wrapping, key_context(record)), record);
  ZHILI_TRY(auto const sealed, db.read([&](Reader& r) {
    return r.value<std::optional<std::string>>("SELECT sealed FROM private_record WHERE record = ?", record);
  }));
  auto const plain = sealed && *sealed ? open_text(**sealed, *key, field_context(record)) : std::nullopt;
  auto const fields = plain ? fields_from_json(*plain) : std::nullopt;
  if (!fields) return {};  // a report that was never kept, or a record that is being destroyed: nobody looks it up
  for (auto const& [name, text] : *fields)
    if (auto const tag = blind_tag(new_blinding, name, text); !tag.empty())
      w.exec("INSERT INTO blind_index (tag, record) VALUES (?, ?) ON CONFLICT DO NOTHING", tag, record);
  return {};
}

Result<> Vault::Inside::rewrap_named(Writer& w, Key const& new_wrapping) {
  for (auto const& [name, wrapped] : w.rows<std::string, std::string>("SELECT name, wrapped FROM named_key")) {
    auto const key = unwrap_key(wrapped, wrapping, named_key_context(name));
    if (!key) return other_master();
    w.exec("UPDATE named_key SET wrapped = ? WHERE name = ?", wrap_key(*key, new_wrapping, named_key_context(name)), name);
  }
  return {};
}

Result<std::int64_t> Vault::Inside::rewrap(Key const& master) {
  auto const new_wrapping = derive(master, "zhili wrap 1");
  auto const new_blinding = derive(master, "zhili blind 1");
  return keys->write([&](Writer& w) -> Result<std::int64_t> {
    ZHILI_CHECK(master_is_mine(w));
    w.exec("DELETE FROM blind_index");
    std::int64_t count = 0;
    std::string after;
    for (;;) {
      auto const page = w.rows<std::string, std::string>(
          "SELECT record, wrapped FROM record_key WHERE record > ? ORDER BY record LIMIT ?", after, records_per_page);
      if (page.empty()) break;
      for (auto const& [record, wrapped] : page) {
        ZHILI_CHECK(rewrap_one(w, record, wrapped, new_wrapping, new_blinding));
        ++count;
      }
      after = std::get<0>(page.back());
    }
    ZHILI_CHECK(rewrap_named(w, new_wrapping));
    ZHILI_CHECK(set_fingerprint(w, fingerprint_of(master)));
    return count;
  });
}

Result<> Vault::Inside::publish_master(std::string_view actor) {
  auto const payload = fmt::format(R"({{"fingerprint":"{}"}})", fingerprint);
  ZHILI_CHECK(db.write([&](Writer& w) {
    bool const said = w.value<std::int64_t>("SELECT 1 FROM ledger WHERE kind = ? AND payload = ? LIMIT 1",
                                            EventKind::master_key_rotated, payload)
                          .has_value();
    if (!said) w.append({EventKind::master_key_rotated, 0, std::string(actor), payload});
  }));
  return rename_synced(next_file(), master_file);
}

Result<std::array<unsigned char, 32>> Vault::named_key(std::string const& name) {
  static_assert(Key::size == 32);
  auto& inside = *inside_;
  ZHILI_TRY(auto const wrapped, inside.keys->write([&](Writer& w) -> Result<std::string> {
    ZHILI_CHECK(inside.master_is_mine(w));
    w.exec("INSERT INTO named_key (name, wrapped) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", name,
           wrap_key(Key::random(), inside.wrapping, named_key_context(name)));
    return w.value<std::string>("SELECT wrapped FROM named_key WHERE name = ?", name).value_or("");
  }));
  auto const key = unwrap_key(wrapped, inside.wrapping, named_key_context(name));
  if (!key) return other_master();
  std::array<unsigned char, 32> out{};
  std::copy_n(key->data(), out.size(), out.begin());
  return out;
}

Result<Rotated> Vault::rotate_master(std::string_view actor) {
  auto& inside = *inside_;
  std::error_code error;
  std::filesystem::remove(inside.next_file(), error);
  ZHILI_TRY(auto const master, master_key(inside.next_file(), true));
  ZHILI_TRY(auto const records, inside.rewrap(master));
  inside.use(master);
  ZHILI_CHECK(inside.publish_master(actor));
  ZHILI_TRY(auto const wiped, wipe(*inside.keys));
  return Rotated{records, wiped};
}

}  // namespace zhili::store
