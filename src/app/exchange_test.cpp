// What other systems tell about requests that they sent: their words are sealed, and gone when their time is over.
#include <gtest/gtest.h>

#include "app/service_test_kit.hpp"
#include "respond/number.hpp"
#include "respond/signals/desk.hpp"
#include "store/ledger.hpp"
#include "web/exchange/outside_words.hpp"
#include "web/open311/city_backend.hpp"

namespace zhili::app {
namespace {

using web::exchange::cut_to;

struct Heard : testing::Test {
  Heard()
      : vault(store::Vault::open(serving.service->db(), {"sqlite:" + keys.path().string(), keys.path() / "master.key"}, serving.time).value()),
        backend(parts(), serving.service->signals(), *vault, [](std::string_view) { return core::Result<std::string>("qinghe"); }) {}

  web::ApiParts parts() {
    auto& runtime = serving.service->runtime();
    return {.db = &serving.service->db(), .time = &serving.time, .catalogue = runtime.catalogue(), .installation = &runtime.installation(),
            .places = &serving.service->places(), .zone = runtime.zone(), .calendar = &runtime.calendar()};
  }
  respond::Id report() {
    auto const& items = serving.service->catalogue().items();
    auto const one = std::ranges::find_if(items, [](auto const* item) { return item->open && std::ranges::none_of(item->asks, &catalogue::Ask::required); });
    respond::Report report{.item = (*one)->code, .channel = "web", .place = core::LatLon::of(34.86, 117.55)};
    report.words = "dark";
    return serving.service->signals().receive(report, {.ref = "citizen", .roles = respond::Role::citizen}).value().id;
  }
  web::open311::NewUpdate about(respond::Id signal) {
    return {.service_request_id = respond::public_number(serving.service->installation().prefix, signal, serving.time.now(), serving.service->zone()),
            .update_id = "u1", .status = "open", .updated_at = serving.time.now(), .description = "call 13812345678", .key_holder = "qinghe"};
  }
  std::vector<store::Recorded> entries(respond::Id signal) {
    auto all = serving.service->db().read([&](store::Reader& r) { return store::entries_of(r, signal); }).value();
    std::erase_if(all, [](auto const& entry) { return entry.kind != core::EventKind::exchange_heard; });
    return all;
  }

  kit::Serving serving;
  test::TempFolder keys;
  std::unique_ptr<store::Vault> vault;
  web::open311::CityBackend backend;
};

TEST_F(Heard, WordsAreSealedAndTheLedgerVouchesForThem) {
  auto const signal = report();
  ASSERT_TRUE(backend.hear(about(signal)));
  auto const all = entries(signal);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].payload.find("138"), std::string::npos) << all[0].payload;
  EXPECT_NE(all[0].payload.find("sha-256"), std::string::npos) << all[0].payload;
  auto const opened = vault->read(all[0].seq, "staff:ann", "check");
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->front().fields.at("words"), "call 13812345678");
}

TEST_F(Heard, TheSameUpdateTwiceIsOne) {
  auto const signal = report();
  ASSERT_TRUE(backend.hear(about(signal)));
  ASSERT_TRUE(backend.hear(about(signal)));
  EXPECT_EQ(entries(signal).size(), 1u);
}

TEST_F(Heard, NobodyCanOpenThemWhenTheirTimeIsOver) {
  auto const signal = report();
  ASSERT_TRUE(backend.hear(about(signal)));
  auto const entry = entries(signal).at(0).seq;
  serving.time.advance(web::exchange::outside_words_kept_for - std::chrono::hours(1));
  EXPECT_EQ(vault->destroy_expired("system").value().records, 0);
  serving.time.advance(std::chrono::hours(2));
  EXPECT_EQ(vault->destroy_expired("system").value().records, 1);
  EXPECT_EQ(vault->read(entry, "staff:ann", "check").error().key, "vault.destroyed");
}

TEST_F(Heard, OfARequestThatIsNotThereAreRefused) {
  auto const heard = backend.hear(about(report() + 1'000));
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().key, "open311.request_unknown");
}

TEST(WordsFromOutside, AreCutBetweenCharacters) {
  EXPECT_EQ(cut_to("灯不亮", 9), "灯不亮");
  EXPECT_EQ(cut_to("灯不亮", 8), "灯不…");
  EXPECT_EQ(cut_to("灯不亮", 6), "灯不…");
  EXPECT_EQ(cut_to("", 0), "");
}

}  // namespace
}  // namespace zhili::app
