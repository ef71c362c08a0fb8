#pragma once
// A desk for signals on a database of its own, and the few questions that its tests ask.

#include <gtest/gtest.h>

#include "respond/cases/desk_test_kit.hpp"
#include "respond/signals/desk.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond::kit {

inline std::shared_ptr<catalogue::Catalogue const> public_catalogue() {
  catalogue::Pack pack;
  pack.pack = "city-appearance";
  pack.version = "2026.1";
  pack.items = {item()};
  pack.items[0].open = true;
  return catalogue::Catalogue::make({pack}).value();
}

class SignalDeskTest : public testing::TestWithParam<test::Engine> {
 protected:
  SignalDeskTest() { db_.time.set(at("2026-04-27T09:00:00+08:00")); }

  Report report(std::string digest = "same") {
    return {.item = "0102",
            .channel = "open311",
            .place = core::LatLon{348'600'000, 1'175'500'000},
            .words = "The lamp is dark",
            .digest = std::move(digest)};
  }
  Received receive(Report report) {
    auto const got = desk_.receive(std::move(report), citizen_);
    EXPECT_TRUE(got) << got.error().text.en << got.error().detail;
    return got.value_or(Received{});
  }
  std::string refused(Report report) {
    auto const got = desk_.receive(std::move(report), citizen_);
    return got ? "" : got.error().key;
  }
  std::string does(Id signal, SignalCommand const& command, Actor const& actor) {
    auto const done = desk_.execute(signal, command, actor);
    return done ? "" : done.error().key;
  }
  std::int64_t count(std::string_view sql) {
    return db_->read([&](store::Reader& r) { return r.value<std::int64_t>(sql).value_or(-1); }).value_or(-2);
  }
  std::vector<std::string> photo_names() {
    std::vector<std::string> out;
    auto const read = db_->read([&](store::Reader& r) {
      r.each<std::string>("SELECT name FROM photo WHERE name IS NOT NULL ORDER BY entry, position",
                          [&](std::string name) { out.push_back(std::move(name)); });
    });
    EXPECT_TRUE(read);
    return out;
  }
  std::int64_t forget() { return forget_expired_photos(*db_, "system").value_or(-1); }

  test::TempDb db_{GetParam()};
  std::unique_ptr<store::Vault> vault_ =
      store::Vault::open(*db_, {db_.options().url, db_.folder() / "master.key"}, db_.time).value();
  KnownDuty duty_;
  FullShelf shelf_;
  Nowhere nowhere_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_ = public_catalogue();
  CaseDesk cases_{*db_, catalogue_, duty_, shelf_, city_calendar()};
  SignalDesk desk_{*db_, *vault_, catalogue_, cases_, nowhere_, shelf_, db_.time};
  Actor citizen_{.ref = "citizen", .roles = Role::citizen};
};
}  // namespace zhili::respond::kit
