#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

std::filesystem::path const shipped_packs_folder = std::filesystem::path(ZHILI_SOURCE_DIR) / "packs";

std::size_t count(std::string const& text, std::string const& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(Publish, JsonHasTheShapeOfTheApi) {
  auto const catalogue = read_catalogue(shipped_packs_folder, {"city-appearance"});
  ASSERT_TRUE(catalogue) << catalogue.error().text.en;
  auto const all = boost::json::parse(items_json(**catalogue));
  auto const& items = all.at("items").as_array();
  EXPECT_EQ(items.size(), (*catalogue)->items().size());
  auto const found = boost::json::parse(items_json(**catalogue, "桥下全是水"));
  auto const& item = found.at("items").at(0);
  EXPECT_EQ(item.at("code").as_string(), "0509");  // a string, with its zero
  EXPECT_EQ(item.at("kind").as_string(), "event");
  EXPECT_EQ(item.at("group").at("code").as_string(), "event-05");
  EXPECT_EQ(item.at("asks").at(0).at("options").at(0).at("key").as_string(), "ankle");
  auto const& function = item.at("conditions").at(0).at("function");
  EXPECT_EQ(function.at("code").as_string(), "drainage");
  EXPECT_EQ(function.at("name").at("zh").as_string(), (*catalogue)->function("drainage")->name.zh);
  EXPECT_EQ(function.at("name").at("en").as_string(), (*catalogue)->function("drainage")->name.en);
  auto const& clock = item.at("conditions").at(0).at("clocks").as_array().at(2);
  EXPECT_EQ(clock.at("unit").as_string(), "work_hours");
  EXPECT_EQ(clock.at("amount").as_int64(), 4);
  EXPECT_EQ(item.at("pack").as_string(), "city-appearance");
  EXPECT_TRUE(item.at("public").as_bool());
}

TEST(Publish, ThePageHasEveryItemInBothLanguagesAndNoScript) {
  auto const catalogue = read_catalogue(shipped_packs_folder, {"city-appearance"});
  ASSERT_TRUE(catalogue);
  auto const page = page_html(**catalogue);
  EXPECT_EQ(count(page, "id=\"item-"), (*catalogue)->items().size());
  EXPECT_EQ(count(page, "<h1>"), 1U);
  EXPECT_EQ(count(page, "<script"), 0U);
  EXPECT_EQ(count(page, "<table"), count(page, "</table>"));
  EXPECT_EQ(count(page, "<table"), count(page, "<caption>"));
  EXPECT_NE(page.find("处置·停工 4 工作时"), std::string::npos);
  EXPECT_NE(page.find("Street lamp"), std::string::npos);
}

TEST(Publish, ListsPacksWithWhatTheyHold) {
  auto const catalogue = read_catalogue(shipped_packs_folder, {"city-appearance"});
  ASSERT_TRUE(catalogue);
  auto const lines = list(**catalogue);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].pack, "base");
  EXPECT_EQ(lines[1].events + lines[1].components, (*catalogue)->items().size());
}

}  // namespace
}  // namespace zhili::catalogue
