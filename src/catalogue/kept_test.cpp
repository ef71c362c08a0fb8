// Versions, maps, layers, and what the database keeps.

#include <gtest/gtest.h>

#include <fstream>

#include "catalogue/pack.hpp"
#include "store/db.hpp"

namespace zhili::catalogue {
namespace {

class Kept : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "zhili-kept-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    db_ = std::move(*store::Db::open({.url = "sqlite:" + (root_ / "data").string()}, time_));
  }
  void TearDown() override {
    db_.reset();
    std::filesystem::remove_all(root_);
  }

  static std::string item(std::string const& code, std::string const& zh, std::string const& more = "") {
    return "  \"" + code + "\":\n    kind: event\n    name: {zh: " + zh + ", en: Thing " + code +
           "}\n    group: g\n    words: [" + zh + ", thing]\n    source: zhili\n" + more +
           "    conditions:\n      usual:\n        when: {zh: 有, en: there}\n        closed_when: {zh: "
           "没有, en: gone}\n"
           "        duty: {function: f}\n        clocks: {dispatch: 1 work_hours, handle: 4 work_hours}\n";
  }
  static std::string pack(std::string const& name, std::string const& version, std::string const& head,
                          std::string const& items) {
    return "pack: " + name + "\nversion: \"" + version + "\"\nname: {zh: 包, en: Pack}\n" + head +
           "items:\n" + items;
  }
  static std::string words() {
    return "functions:\n  f: {name: {zh: 职能, en: Function}}\n  f2: {name: {zh: 职能二, en: Second "
           "function}}\ngroups:\n  g: {zh: 类, en: Group}\n";
  }
  void write(std::string const& name, std::string const& yaml) const {
    std::filesystem::create_directories(root_ / "packs" / name);
    std::ofstream(root_ / "packs" / name / "pack.yaml") << yaml;
  }
  std::shared_ptr<Catalogue const> load(std::vector<std::string> const& names) {
    auto loaded = load_packs(*db_, root_ / "packs", names);
    EXPECT_TRUE(loaded) << loaded.error().text.en << "\n" << loaded.error().detail;
    return loaded ? *loaded : nullptr;
  }
  std::vector<Finding> check(std::string const& name) const { return check_pack(root_ / "packs" / name); }

  std::filesystem::path root_;
  core::ManualTime time_{core::from_ms(1'800'000'000'000)};
  std::unique_ptr<store::Db> db_;
};

TEST_F(Kept, ACaseKeepsTheVersionThatItBeganWith) {
  write("a", pack("a", "1", words(), item("0102", "垃圾")));
  ItemRef const began = load({"a"})->find("0102")->ref();
  write("a", pack("a", "2", words(), item("0102", "暴露垃圾")));
  auto const now = load({"a"});
  EXPECT_EQ(now->find("0102")->name.zh, "暴露垃圾");
  ASSERT_NE(now->find(began), nullptr);
  EXPECT_EQ(now->find(began)->name.zh, "垃圾");
  EXPECT_EQ(now->find(began)->pack_version, "1");
  EXPECT_EQ(now->current(began)->item->pack_version, "2");
}

TEST_F(Kept, TheDatabaseAloneServesTheCatalogue) {
  write("a", pack("a", "1", words(), item("0102", "垃圾")));
  load({"a"});
  std::filesystem::remove_all(root_ / "packs");
  auto const kept = kept_packs(*db_);
  ASSERT_TRUE(kept);
  EXPECT_EQ((*kept)->find("0102")->conditions[0].clocks.size(), 2U);
}

TEST_F(Kept, LoadingWritesOneLedgerEntryForEachNewVersion) {
  write("a", pack("a", "1", words(), item("0102", "垃圾")));
  load({"a"});
  load({"a"});  // nothing new
  auto const entries = db_->read([](store::Reader& r) {
    return r.rows<std::string>("SELECT payload FROM ledger WHERE kind = ?", core::EventKind::pack_loaded);
  });
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 1U);
  EXPECT_NE(std::get<0>(entries->front()).find("\"pack\":\"a\",\"version\":\"1\""), std::string::npos);
}

TEST_F(Kept, OneVersionCannotSayTwoThings) {
  write("a", pack("a", "1", words(), item("0102", "垃圾")));
  load({"a"});
  write("a", pack("a", "1", words(), item("0102", "暴露垃圾")));
  auto const again = load_packs(*db_, root_ / "packs", {"a"});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, core::Errc::conflict);
  EXPECT_EQ((*kept_packs(*db_))->find("0102")->name.zh, "垃圾");  // nothing changed
}

TEST_F(Kept, MapsCarryOldCodesAlongAChain) {
  write("a", pack("a", "1", words(), item("0509", "积水")));
  ItemRef const oldest = load({"a"})->find("0509")->ref();
  write("a", pack("a", "2", words() + "maps_from: {a@1: {\"0509\": \"0415\"}}\n", item("0415", "道路积水")));
  ItemRef const middle = load({"a"})->find("0415")->ref();
  write("a",
        pack("a", "3", words() + "maps_from: {a@2: {\"0415\": \"0601/usual\"}}\n", item("0601", "内涝")));
  auto const now = load({"a"});
  ASSERT_TRUE(now->current(oldest));
  EXPECT_EQ(now->current(oldest)->item->code, "0601");
  EXPECT_EQ(now->current(oldest)->condition->code, "usual");
  EXPECT_EQ(now->current(middle)->item->code, "0601");
  EXPECT_EQ(now->find(oldest)->name.zh, "积水");
  EXPECT_FALSE(now->current({"0000", "a", "1"}));
}

TEST_F(Kept, AnotherPackMayTakeACodeOver) {
  write("a", pack("a", "1", words(), item("0509", "积水")));
  ItemRef const old = load({"a"})->find("0509")->ref();
  write("a", pack("a", "2", words(), item("0102", "垃圾")));
  write("b",
        pack("b", "1", "needs: [a]\nmaps_from: {a@1: {\"0509\": \"0415/usual\"}}\n", item("0415", "内涝")));
  auto const now = load({"b"});  // a comes along
  EXPECT_EQ(now->current(old)->item->code, "0415");
  EXPECT_EQ(now->packs().size(), 2U);
}

TEST_F(Kept, ALowerLevelFillsInWhatIsOpen) {
  write("a", pack("a", "1", words(), item("0102", "垃圾", "    locks: [name, function]\n")));
  write("street", pack("street", "1", "needs: [a@1]\n",
                       "  \"0102\":\n    extends_item: a/0102\n    words: [厨余, kitchen waste]\n    "
                       "conditions:\n      usual: {clocks: {handle: 2 work_hours}}\n"));
  EXPECT_EQ(render(check("street"), core::Lang::en), "");
  auto const now = load({"street"});
  Item const* const item = now->find("0102");
  EXPECT_EQ(item->pack, "street");
  EXPECT_EQ(item->name.zh, "垃圾");
  EXPECT_EQ(item->words, (std::vector<std::string>{"垃圾", "thing", "厨余", "kitchen waste"}));
  EXPECT_EQ(item->conditions[0].clocks_of(Phase::handle)[0]->budget,
            core::Budget::of(core::Unit::work_hours, 2000));
  EXPECT_EQ(item->conditions[0].clocks_of(Phase::dispatch)[0]->budget,
            core::Budget::of(core::Unit::work_hours, 1000));
  EXPECT_EQ(now->find({"0102", "a", "1"})->conditions[0].clocks_of(Phase::handle)[0]->budget,
            core::Budget::of(core::Unit::work_hours, 4000));
  EXPECT_EQ(now->current({"0102", "a", "1"})->item, item);
}

TEST_F(Kept, WhatIsLockedIsRefusedWithItsNameAndWhoLockedIt) {
  write("a",
        pack("a", "1", words(), item("0102", "垃圾", "    locks: [clocks, conditions, name, function]\n")));
  write("street", pack("street", "1", "needs: [a@1]\n",
                       "  \"0102\":\n    extends_item: a/0102\n    name: {zh: 别名, en: Other}\n    "
                       "conditions:\n      usual: {clocks: {handle: 2 work_hours}, duty: {function: f2}}\n"
                       "      more: {when: {zh: 多, en: more}}\n"));
  auto const findings = check("street");
  ASSERT_EQ(findings.size(), 4U) << render(findings, core::Lang::en);
  for (auto const& finding : findings) {
    EXPECT_EQ(finding.key, "pack.locked");
    EXPECT_NE(finding.what.en.find("locked by the pack a"), std::string::npos);
  }
  EXPECT_NE(findings[1].what.en.find("“clocks”"), std::string::npos) << findings[1].what.en;
}

TEST_F(Kept, LocksOfEveryLevelHold) {
  write("city", pack("city", "1", words(), item("0102", "垃圾", "    locks: [name]\n")));
  write("district", pack("district", "1", "needs: [city@1]\n",
                         "  \"0102\":\n    extends_item: city/0102\n    locks: [clocks]\n"));
  write("street", pack("street", "1", "needs: [district@1]\n",
                       "  \"0102\":\n    extends_item: district/0102\n    name: {zh: 别名, en: Other}\n    "
                       "conditions:\n      usual: {clocks: {handle: 2 work_hours}}\n"));
  auto const findings = check("street");
  ASSERT_EQ(findings.size(), 2U) << render(findings, core::Lang::en);
  EXPECT_NE(findings[0].what.en.find("locked by the pack city"), std::string::npos);
  EXPECT_NE(findings[1].what.en.find("locked by the pack district"), std::string::npos);
}

TEST_F(Kept, ACodeOfANeededPackIsTaken) {
  write("a", pack("a", "1", words(), item("0102", "垃圾")));
  write("b", pack("b", "1", "needs: [a]\n", item("0102", "别的")));
  auto const findings = check("b");
  ASSERT_EQ(findings.size(), 1U) << render(findings, core::Lang::en);
  EXPECT_EQ(findings[0].key, "pack.item.taken");
}

TEST_F(Kept, PacksThatNeedEachOtherAreFound) {
  write("a", pack("a", "1", words() + "needs: [b]\n", item("0102", "垃圾")));
  write("b", pack("b", "1", words() + "needs: [a]\n", item("0103", "别的")));
  EXPECT_FALSE(check("a").empty());
  EXPECT_FALSE(check("b").empty());
  EXPECT_FALSE(read_packs(root_ / "packs", {"a", "b"}));
}

TEST_F(Kept, TwoUnrelatedPacksCannotShareACode) {
  write("a", pack("a", "1", words(), item("0102", "垃圾")));
  write("b", pack("b", "1", words(), item("0102", "别的")));
  auto const both = load_packs(*db_, root_ / "packs", {"a", "b"});
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().key, "catalogue.code.twice");
}

TEST_F(Kept, SimilarItemsAreListedWithTheReason) {
  write("a", pack("a", "1", words(),
                  item("0101", "路灯不亮") + item("0102", "街道路灯不亮") + item("0103", "垃圾")));
  write("b", pack("b", "1", "needs: [a]\n", item("0201", "垃圾")));
  auto const catalogue = load({"b"});
  auto const found = similar(*catalogue);
  auto const has = [&](std::string const& a, std::string const& b, Likeness::Kind kind) {
    return std::any_of(found.begin(), found.end(), [&](Likeness const& one) {
      return one.kind == kind && one.a->code == a && one.b->code == b && !one.why.zh.empty() &&
             !one.why.en.empty();
    });
  };
  EXPECT_TRUE(has("0103", "0201", Likeness::Kind::repeated));
  EXPECT_TRUE(std::any_of(found.begin(), found.end(),
                          [](auto const& one) { return one.a->code == "0101" && one.b->code == "0102"; }));
  auto const again = similar(*catalogue);
  ASSERT_EQ(again.size(), found.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(again[i].a->code + again[i].b->code, found[i].a->code + found[i].b->code);
}

}  // namespace
}  // namespace zhili::catalogue
