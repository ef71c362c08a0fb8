// A case is found by its number, however people write it.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/service_test_kit.hpp"
#include "web/form.hpp"

namespace zhili::app {
namespace {

TEST(CaseNumber, FindsTheCaseHoweverItIsWritten) {
  kit::Serving city;
  auto& service = *city.service;
  auto const item = service.catalogue().search("路灯", {.limit = 1, .open_only = true}).at(0).item->code;
  auto const received = service.signals().receive({.item = item, .channel = "phone", .address = "here"}, {.ref = "staff:amy", .roles = respond::Role::acceptor});
  ASSERT_TRUE(received) << received.error().text.en;
  auto const state = service.signals().execute(received->id, {.verb = respond::Verb::register_case}, {.ref = "staff:bei", .roles = respond::Role::acceptor});
  ASSERT_TRUE(state) << state.error().text.en;
  auto const id = std::to_string(state->case_id);
  auto const found = [&](std::string const& written) {
    auto const got = city.get("/api/v1/cases?no=" + web::percent_encode(written));
    EXPECT_EQ(got.status, 200) << written;
    return boost::json::parse(got.body).at("cases").as_array();
  };
  auto const number = "LC-2604-" + id;
  for (auto const& written : {number, "lc-2604-" + id, "LC 2604 " + id, "LC2604" + id, "2604-" + id, id, "ＬＣ－2604－" + id}) {
    auto const cases = found(written);
    ASSERT_EQ(cases.size(), 1U) << written;
    EXPECT_EQ(cases.at(0).at("no").as_string(), number);
  }
  for (auto const& written : {"LC-2605-" + id, "XX-2604-" + id, std::string("LC-2604-"), std::string("桥"), id + "0"})
    EXPECT_TRUE(found(written).empty()) << written;
}

}  // namespace
}  // namespace zhili::app
