// The extension for updates, and asking in bulk for what changed: what is read, and what is refused with the name of its field.
#include <boost/json.hpp>

#include "web/open311/read.hpp"
#include "web/open311/test_city.hpp"

namespace zhili::web::open311::test {
namespace {

core::Instant const noon = at("2026-07-12T12:00:00Z");

Fields fields(std::string const& text) { return parse_form(text).value(); }

/// "field: key" of each error, with blanks between.
template <class T>
std::string faults(tl::expected<T, Errors> const& read) {
  std::string out;
  if (read) return "taken";
  for (auto const& error : read.error()) out += (out.empty() ? "" : " ") + error.field + ": " + error.key;
  return out;
}

std::string with(std::string const& name, std::string const& value) {
  std::string out;
  for (auto const& [field, held] : {std::pair<std::string, std::string>{"service_request_id", "LC-7"}, {"update_id", "u1"}, {"status", "OPEN"},
                                    {"updated_datetime", "2026-07-12T08:05:00Z"}, {"description", "x"}})
    out += "&" + field + "=" + (field == name ? value : held);
  return out.substr(1);
}

std::string fault_with(std::string const& name, std::string const& value) { return faults(read_new_update(fields(with(name, value)))); }

TEST(NewUpdates, AreReadWhole) {
  auto const update = read_new_update(fields("service_request_id=LC-7&update_id=a.b:c_d-1&status=In_Progress&updated_datetime=2026-07-12T16:05:00%2B08:00&description=%20a%0D%0Ab%20"));
  ASSERT_TRUE(update) << faults(update);
  EXPECT_EQ(update->service_request_id, "LC-7");
  EXPECT_EQ(update->update_id, "a.b:c_d-1");
  EXPECT_EQ(update->status, "in_progress");
  EXPECT_EQ(update->updated_at, at("2026-07-12T08:05:00Z"));
  EXPECT_EQ(update->description, "a\nb");
}

TEST(NewUpdates, MayLackADescription) { EXPECT_EQ(fault_with("description", ""), "taken"); }

TEST(NewUpdates, NameEachFieldThatIsWrong) {
  EXPECT_EQ(fault_with("service_request_id", ""), "service_request_id: open311.identifier");
  EXPECT_EQ(fault_with("service_request_id", "a%20b"), "service_request_id: open311.identifier");
  EXPECT_EQ(fault_with("update_id", "%E7%81%AF"), "update_id: open311.identifier");
  EXPECT_EQ(fault_with("update_id", std::string(field_max_characters + 1, 'a')), "update_id: open311.identifier");
  EXPECT_EQ(fault_with("status", ""), "status: open311.update_status");
  EXPECT_EQ(fault_with("status", "done"), "status: open311.update_status");
  EXPECT_EQ(fault_with("updated_datetime", ""), "updated_datetime: open311.time");
  EXPECT_EQ(fault_with("updated_datetime", "2026-07-12"), "updated_datetime: open311.time");
  EXPECT_EQ(fault_with("description", std::string(description_max_characters + 1, 'a')), "description: open311.too_long");
}

TEST(NewUpdates, TellAllThatIsWrongAtOnce) {
  EXPECT_EQ(faults(read_new_update(fields("update_id=u1"))), "service_request_id: open311.identifier status: open311.update_status");
}

TEST(QueriesOfUpdates, AskForADayUnlessTheySay) {
  auto const query = read_updates_query(fields(""), noon);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->to, noon);
  EXPECT_EQ(query->from, noon - std::chrono::hours(24));
  EXPECT_TRUE(query->ids.empty());
}

TEST(QueriesOfUpdates, ReadTimesAndIds) {
  auto const query = read_updates_query(fields("start_date=2026-07-01T00:00:00Z&end_date=2026-07-02T00:00:00Z&service_request_id=a,%20b,,c"), noon);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->from, at("2026-07-01T00:00:00Z"));
  EXPECT_EQ(query->to, at("2026-07-02T00:00:00Z"));
  EXPECT_EQ(query->ids, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(QueriesOfUpdates, NameEachFieldThatIsWrong) {
  auto const fault = [](std::string const& text) { return faults(read_updates_query(fields(text), noon)); };
  EXPECT_EQ(fault("start_date=yesterday"), "start_date: open311.time");
  EXPECT_EQ(fault("end_date=2026-07-02+00:00:00"), "end_date: open311.time");
  EXPECT_EQ(fault("start_date=2026-07-13T00:00:00Z"), "start_date: open311.range");
  std::string many;
  for (std::size_t i = 0; i <= ids_max; ++i) many += "x,";
  EXPECT_EQ(fault("service_request_id=" + many), "service_request_id: open311.ids");
}

TEST(BulkQueries, ReadWhenThingsChanged) {
  auto const query = read_query(fields("updated_after=2026-07-01T00:00:00Z&updated_before=2026-07-02T00:00:00Z&page_size=10&page=3"), noon);
  ASSERT_TRUE(query) << faults(query);
  EXPECT_EQ(query->updated_after, at("2026-07-01T00:00:00Z"));
  EXPECT_EQ(query->updated_before, at("2026-07-02T00:00:00Z"));
  EXPECT_EQ(query->limit, 10u);
  EXPECT_EQ(query->offset, 20u);
}

TEST(BulkQueries, NameEachFieldThatIsWrong) {
  auto const fault = [](std::string const& text) { return faults(read_query(fields(text), noon)); };
  EXPECT_EQ(fault("updated_after=soon"), "updated_after: open311.time");
  EXPECT_EQ(fault("updated_before=2026-07-01T00:00:00Z"), "updated_before: open311.updated_before");
  EXPECT_EQ(fault("updated_after=2026-07-02T00:00:00Z&updated_before=2026-07-01T00:00:00Z"), "updated_after: open311.range");
  EXPECT_EQ(fault("updated_after=2026-07-01T00:00:00Z&page_size=0"), "page_size: open311.count");
}

struct Updates : Open311 {
  Response send(std::string body) {
    Request request{.method = Method::post, .body = std::move(body), .loopback = true};
    request.headers.add("Accept-Language", "en");
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    return call(std::move(request), "/open311/v2/servicerequestupdates.json");
  }
};

TEST_F(Updates, AreHeardWithTheHolderOfTheKey) {
  auto const answer = send("api_key=good&" + with("", ""));
  EXPECT_EQ(answer.status, 200) << answer.body;
  ASSERT_EQ(city.heard.size(), 1u);
  EXPECT_EQ(city.heard[0].key_holder, "holder of good");
  EXPECT_EQ(boost::json::parse(answer.body).at(0).at("update_id").as_string(), "u1");
}

TEST_F(Updates, AreNotHeardWithoutAKey) {
  EXPECT_EQ(send(with("", "")).status, 403);
  EXPECT_EQ(send("api_key=bad&" + with("", "")).status, 403);
  EXPECT_TRUE(city.heard.empty());
}

TEST_F(Updates, OfOneRequestCanBeAskedFor) {
  city.steps = {{.update_id = "1-7", .service_request_id = "7", .status = "open", .updated_at = at("2026-07-12T07:00:00Z")},
                {.update_id = "2-8", .service_request_id = "8", .status = "closed", .updated_at = at("2026-07-12T07:30:00Z")}};
  EXPECT_EQ(json("servicerequestupdates.json").as_array().size(), 2u);
  auto const one = json("servicerequestupdates.json?service_request_id=8").as_array();
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].at("update_id").as_string(), "2-8");
}

}  // namespace
}  // namespace zhili::web::open311::test
