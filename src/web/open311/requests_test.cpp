// The endpoints as the specification has them, apart from the traps.
#include <boost/json.hpp>
#include <fstream>

#include "web/open311/read.hpp"
#include "web/open311/test_city.hpp"
#include "web/open311/tree.hpp"

namespace zhili::web::open311::test {

boost::json::value Open311::json(std::string const& path) {
  return boost::json::parse(get(path).body);
}

std::string told(Response const& response) {
  std::string out;
  auto const errors = boost::json::parse(response.body);
  for (auto const& one : errors.as_array()) {
    EXPECT_EQ(one.at("code").as_int64(), response.status);
    out += std::string(one.at("description").as_string()) + "\n";
  }
  return out;
}

namespace {

struct Requests : Open311 {};

std::string const enough = "api_key=good&service_code=plain&lat=34.86&long=117.55";

TEST_F(Requests, HaveEveryFieldOfTheSpecification) {
  city.requests = {released_request()};
  auto const one = json("requests.json").at(0).as_object();
  for (auto const* name :
       {"service_request_id", "status", "status_notes", "service_name", "service_code", "description",
        "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
        "address", "address_id", "zipcode", "lat", "long", "media_url"})
    EXPECT_TRUE(one.contains(name)) << name;
  EXPECT_EQ(one.at("lat").as_double(), 34.8612345);
  EXPECT_EQ(one.at("long").as_double(), -117.5);
  EXPECT_EQ(one.at("status").as_string(), "closed");
  EXPECT_TRUE(one.at("zipcode").is_null());
  EXPECT_FALSE(one.contains("attributes"));
  auto const more = json("requests/007.json?extensions=true").at(0).as_object();
  EXPECT_EQ(more.at("attributes").at(0).at("value").as_string(), "A-1");
  EXPECT_EQ(more.at("notes").at(0).at("datetime").as_string(), "2026-07-02T09:00:00Z");
}

TEST_F(Requests, DegreesAreWrittenExactly) {
  for (auto const& [e7, text] : {std::pair(1, "0.0000001"), std::pair(-1, "-0.0000001"), std::pair(0, "0.0"),
                                 std::pair(1'800'000'000, "180.0"), std::pair(-423'574'100, "-42.35741")}) {
    auto node = Node::list("x");
    node.degrees("lat", e7);
    EXPECT_EQ(node.write(Format::json), "[" + std::string(text) + "]");
  }
}

TEST_F(Requests, ReadTheWholeQuery) {
  auto const path =
      "requests.json?service_code=a,%20b&status=OPEN&start_date=2026-06-01T00:00:00%2B08:00&end_date=2026-07-"
      "01T00:00:00Z"
      "&page=3&page_size=20&agency_responsible=x&has_photo=true&extensions=true";
  ASSERT_EQ(get(path).status, 200) << get(path).body;
  EXPECT_EQ(city.asked.service_codes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(city.asked.closed, false);
  EXPECT_EQ(city.asked.from, at("2026-05-31T16:00:00Z"));
  EXPECT_EQ(city.asked.to, at("2026-07-01T00:00:00Z"));
  EXPECT_EQ(city.asked.offset, 40U);
  EXPECT_EQ(city.asked.limit, 20U);
  EXPECT_EQ(city.asked.agency, "x");
  EXPECT_TRUE(city.asked.with_photo);
  EXPECT_TRUE(city.asked.extensions);
}

TEST_F(Requests, BothStatusesAreNoFilter) {
  get("requests.json?status=open,closed");
  EXPECT_FALSE(city.asked.closed);
  get("requests.json?status=closed");
  EXPECT_EQ(city.asked.closed, true);
}

TEST_F(Requests, AStartAloneReaches90DaysOn) {
  get("requests.json?start_date=2025-01-01T00:00:00Z");
  EXPECT_EQ(city.asked.to, at("2025-04-01T00:00:00Z"));
  get("requests.json?start_date=2026-07-01T00:00:00Z");
  EXPECT_EQ(city.asked.to, time.now());
  get("requests.json?end_date=2025-04-01T00:00:00Z");
  EXPECT_EQ(city.asked.from, at("2025-01-01T00:00:00Z"));
}

TEST_F(Requests, APlaceAsksForABoxAroundIt) {
  get("requests.json?lat=60&long=20");
  ASSERT_TRUE(city.asked.box);
  auto const& [low, high] = *city.asked.box;
  EXPECT_NEAR(core::distance_m({low.lat_e7, low.lon_e7}, {high.lat_e7, low.lon_e7}), near_box_edge_m, 5);
  EXPECT_NEAR(core::distance_m({low.lat_e7, low.lon_e7}, {low.lat_e7, high.lon_e7}), near_box_edge_m, 5);
}

TEST_F(Requests, RefuseAQueryThatMakesNoSense) {
  for (auto const* query :
       {"status=done", "page=0", "page=x", "page_size=1001", "start_date=2026-07-01", "end_date=yesterday",
        "start_date=2026-07-02T00:00:00Z&end_date=2026-07-01T00:00:00Z", "lat=91&long=0", "lat=0&long=181",
        "lat=nan&long=0", "lat=1e1&long=0", "service_request_id=,,", "start_date=2026-08-01T00:00:00Z"}) {
    auto const refused = get(std::string("requests.json?") + query);
    EXPECT_EQ(refused.status, 400) << query << refused.body;
    EXPECT_FALSE(told(refused).empty());
  }
}

TEST_F(Requests, NeedAKeyToBeMade) {
  EXPECT_EQ(post("service_code=plain&lat=1&long=2").status, 403);
  EXPECT_EQ(post("api_key=bad&service_code=plain&lat=1&long=2").status, 403);
  EXPECT_EQ(post("api_key=good&service_code=nothing&lat=1&long=2").status, 404);
  EXPECT_EQ(post("api_key=good&lat=1&long=2").status, 400);
  EXPECT_EQ(post("").status, 403);
  EXPECT_TRUE(city.made.empty());
}

TEST_F(Requests, CarryWhoSentThem) {
  ASSERT_EQ(post(enough + "&first_name=%E7%8E%8B&last_name=%E4%BA%94&email=w%40example.org&phone=139&device_"
                          "id=d&account_id=a")
                .status,
            200);
  auto const& made = city.made.at(0);
  EXPECT_EQ(made.first_name + made.last_name, "王五");
  EXPECT_EQ(made.email, "w@example.org");
  EXPECT_EQ(made.key_holder, "holder of good");
}

TEST_F(Requests, TakeAnAddressInsteadOfAPlace) {
  EXPECT_EQ(post("api_key=good&service_code=plain&address_string=here").status, 200);
  EXPECT_EQ(post("api_key=good&service_code=plain&address_id=17").status, 200);
  EXPECT_FALSE(city.made.at(0).at);
}

TEST_F(Requests, CountCharactersNotBytes) {
  std::string character = "%E6%B2%BB";
  std::string words;
  for (std::size_t i = 0; i < description_max_characters; ++i) words += character;
  EXPECT_EQ(post(enough + "&description=" + words).status, 200);
  EXPECT_EQ(post(enough + "&description=" + words + character).status, 400);
}

TEST_F(Requests, TakeTextInEveryScriptAndKeepMarks) {
  std::string const text =
      "治理 العربية ‏rtl‎ ไทย 😀 𠮷 <script>alert(1)</script> '; DROP TABLE signal; "
      "--";
  ASSERT_EQ(post(enough + "&description=" + percent_encode(text)).status, 200);
  EXPECT_EQ(city.made.at(0).description, text);
}

TEST_F(Requests, RefuseBodiesOfOtherKinds) {
  std::string const bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
      "\"&a;&a;&a;&a;\">]><x>&b;</x>";
  EXPECT_EQ(post(bomb, "xml", "text/xml").status, 400);
  EXPECT_EQ(post(std::string(100'000, '['), "json", "application/json").status, 400);
  EXPECT_EQ(post(enough, "json", "").status, 400);
  EXPECT_EQ(post(enough + "&description=%00", "json").status, 400);
  EXPECT_EQ(post(enough + "&description=%FF", "json").status, 400);
  EXPECT_TRUE(city.made.empty());
}

std::string multipart(std::vector<std::pair<std::string, std::string>> const& parts) {
  std::string body;
  for (auto const& [disposition, content] : parts)
    body += "--B\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
  return body + "--B--\r\n";
}

std::string test_photo(char const* name) {
  std::ifstream file(std::string(ZHILI_SOURCE_DIR) + "/src/web/photo/testdata/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(Requests, TakePhotosWithTheForm) {
  auto const body = multipart({{"name=\"api_key\"", "good"},
                               {"name=\"service_code\"", "plain"},
                               {"name=\"lat\"", "34.86"},
                               {"name=\"long\"", "117.55"},
                               {"name=\"photo1\"; filename=\"a.jpg\"", test_photo("photo.jpg")},
                               {"name=\"photo2\"; filename=\"b.png\"", test_photo("photo.webp")},
                               {"name=\"photo3\"; filename=\"\"", ""}});
  auto const made = post(body, "json", "multipart/form-data; boundary=B");
  ASSERT_EQ(made.status, 200) << made.body;
  ASSERT_EQ(city.made.at(0).photos.size(), 2U);
  EXPECT_TRUE(photos.load(city.made[0].photos[0].name));
  EXPECT_EQ(city.made[0].photos[1].type, PhotoType::webp) << "the name of the file does not count";
  city.requests = {released_request()};
  city.requests[0].photos = {city.made[0].photos[0].name};
  EXPECT_EQ(json("requests.json").at(0).at("media_url").as_string(),
            "https://city.example/photos/" + city.made[0].photos[0].name);
}

TEST_F(Requests, SayThatAPhotoIsNotAPhoto) {
  auto const body =
      multipart({{"name=\"api_key\"", "good"},
                 {"name=\"service_code\"", "plain"},
                 {"name=\"address_string\"", "here"},
                 {"name=\"photo\"; filename=\"holiday.jpg\"", "MZ this is a program, not a photo"}});
  auto const refused = post(body, "json", "multipart/form-data; boundary=B");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(told(refused).find("photo: This is not a photo"), std::string::npos) << refused.body;
  EXPECT_TRUE(city.made.empty());
}

TEST_F(Requests, AreNotLostSilentlyWhenTheyCannotBeKept) {
  city.disk_is_full = true;
  EXPECT_EQ(post(enough).status, 503);
}

TEST_F(Requests, KnowTheirJurisdiction) {
  options.jurisdictions = {"a.example", "b.example"};
  EXPECT_EQ(get("services.json").status, 400);
  EXPECT_EQ(get("services.json?jurisdiction_id=c").status, 404);
  EXPECT_EQ(get("services.json?jurisdiction_id=b.example").status, 200);
  EXPECT_EQ(get("discovery.json").status, 200);
  EXPECT_EQ(post(enough).status, 400);
  EXPECT_EQ(post(enough + "&jurisdiction_id=a.example").status, 200);
}

TEST_F(Requests, TokensLeadToIds) {
  EXPECT_EQ(json("tokens/T1.json").at(0).at("service_request_id").as_string(), "100");
  EXPECT_TRUE(json("tokens/T2.json").at(0).at("service_request_id").is_null());
  EXPECT_EQ(get("tokens/T3.json").status, 404);
}

TEST_F(Requests, SpeakTheLanguageThatIsAskedFor) {
  auto const name = [&](char const* language) {
    return std::string(
        boost::json::parse(get("services.json", language).body).at(0).at("service_name").as_string());
  };
  EXPECT_EQ(name("en-GB,en;q=0.9,zh;q=0.8"), "Street lamp");
  EXPECT_EQ(name("fr,en;q=0.3,zh;q=0.8"), "路灯");
  EXPECT_EQ(name(""), "路灯");
}

}  // namespace
}  // namespace zhili::web::open311::test
