#include "bus/follow.hpp"

namespace zhili::bus {

namespace {

void keep_place(store::Writer& writer, std::string_view listener, store::Seq seq) {
  writer.exec("INSERT INTO listener (name, seq) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq", listener, seq);
}

}  // namespace

std::optional<store::Seq> place_of(store::Reader& reader, std::string_view listener) {
  return reader.value<std::int64_t>("SELECT seq FROM listener WHERE name = ?", listener);
}

core::Result<bool> follow(store::Db& db, std::string_view listener, Take const& take) {
  struct Place {
    std::optional<store::Seq> at;
    store::Seq last = 0;
  };
  ZHILI_TRY(auto const place, db.read([&](store::Reader& reader) { return Place{place_of(reader, listener), store::last_seq(reader)}; }));
  if (place.at && *place.at >= place.last) return false;
  return db.write([&](store::Writer& writer) -> core::Result<bool> {
    auto const at = place_of(writer, listener);
    if (!at) {
      keep_place(writer, listener, place.last);
      return false;
    }
    auto const entries = store::entries_after(writer, *at, batch_entries_max);
    if (entries.empty()) return false;
    ZHILI_CHECK(take(writer, entries));
    keep_place(writer, listener, entries.back().seq);
    return entries.size() == batch_entries_max;
  });
}

}  // namespace zhili::bus
