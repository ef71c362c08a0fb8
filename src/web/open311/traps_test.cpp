// Traps that other servers and clients of Open311 have fallen into: a test for each.
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>

#include "web/open311/test_city.hpp"

namespace zhili::web::open311::test {
namespace {

struct Traps : Open311 {};

/// What another parser (libxml2) reads at an XPath.
std::string read_by_another_parser(std::string const& xml, std::string const& xpath) {
  auto const path =
      std::filesystem::temp_directory_path() / ("zhili_xml_" + std::to_string(::getpid()) + ".xml");
  std::ofstream(path) << xml;
  auto const command = "xmllint --nonet --noent --xpath '" + xpath + "' " + path.string() + " 2>&1";
  auto* const pipe = ::popen(command.c_str(), "r");
  std::string out;
  char bytes[4096];
  for (std::size_t n = 0; (n = std::fread(bytes, 1, sizeof bytes, pipe)) > 0;) out.append(bytes, n);
  EXPECT_EQ(::pclose(pipe), 0) << out;
  std::filesystem::remove(path);
  return out.substr(0, out.find_last_not_of('\n') + 1);
}

std::string const necessary = "api_key=good&service_code=plain&lat=34.86&long=117.55";

TEST_F(Traps, ACodeWithALeadingZeroSurvivesAsText) {
  EXPECT_EQ(json("services.json").at(0).at("service_code").as_string(), "0102");
  EXPECT_EQ(json("services/0102.json").at("service_code").as_string(), "0102");
  city.requests = {released_request("007")};
  EXPECT_EQ(json("requests.json").at(0).at("service_request_id").as_string(), "007");
  EXPECT_EQ(json("requests.json").at(0).at("service_code").as_string(), "0102");
}

TEST_F(Traps, JsonListsAreBareArraysAndTruthValuesAreTruthValues) {
  city.requests = {released_request()};
  EXPECT_TRUE(json("services.json").is_array());
  EXPECT_TRUE(json("requests.json").is_array());
  EXPECT_TRUE(json("requests/007.json").is_array());
  EXPECT_TRUE(json("tokens/T1.json").is_array());
  EXPECT_TRUE(json("requests/nothing.json").is_array());
  EXPECT_TRUE(json("services.json").at(0).at("metadata").as_bool());
  EXPECT_FALSE(json("services.json").at(1).at("metadata").as_bool());
  EXPECT_TRUE(json("requests.json").at(0).at("agency_responsible").is_string());
  EXPECT_TRUE(json("discovery.json").at("key_service").is_string());
  EXPECT_TRUE(json("discovery.json").at("endpoints").at(0).at("formats").is_array());
}

TEST_F(Traps, XmlIsAsciiWhateverItSays) {
  city.requests = {released_request()};
  auto& words = city.requests[0].description;
  words =
      "治理 ру́сский العربية עברית ‏rtl‎ 😀 𠮷 ไทย <>&\"' ]]> \x01 \xFF";
  auto const xml = get("requests.xml").body;
  for (char const c : xml) ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7F)) << static_cast<int>(c);
  EXPECT_TRUE(xml.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
  words = words.substr(0, words.find('\x01')) + "\xEF\xBF\xBD \xEF\xBF\xBD";
  EXPECT_EQ(read_by_another_parser(xml, "string(/service_requests/request/description)"), words);
}

TEST_F(Traps, JsonSaysTheSameInAsciiToo) {
  city.requests = {released_request()};
  city.requests[0].description = "治理 ‏rtl‎ 😀 \"quoted\" \\ \x01";
  auto const body = get("requests.json").body;
  for (char const c : body) ASSERT_TRUE(c >= 0x20 && c < 0x7F);
  EXPECT_EQ(boost::json::parse(body).at(0).at("description").as_string(), city.requests[0].description);
}

TEST_F(Traps, CarriageReturnsInADescriptionBecomeLineFeeds) {
  ASSERT_EQ(post(necessary + "&description=one%0D%0Atwo%0Dthree%0A%0D%0A").status, 200);
  EXPECT_EQ(city.made.at(0).description, "one\ntwo\nthree");
}

TEST_F(Traps, TimesHaveAZoneAndNoFraction) {
  city.requests = {released_request()};
  EXPECT_EQ(json("requests.json").at(0).at("requested_datetime").as_string(), "2026-07-01T08:00:00Z");
  EXPECT_EQ(json("discovery.json").at("changeset").as_string(), "2026-01-01T00:00:00Z");
}

TEST_F(Traps, AttributesComeInBothSpellingsAndMediaRepeats) {
  auto const made = post(
      "api_key=good&service_code=0102&lat=34.86&long=117.55&attribute[POLE]=A-1&attribute%5BSIDE%5D%5B%5D=n"
      "&attribute[SIDE][]=s&attribute[SIDE]=e&attribute[KIND]=dark&attribute[COUNT]=3.5"
      "&media_url=https://example.org/1.jpg&media_url=http://example.org/2.jpg");
  ASSERT_EQ(made.status, 200) << made.body;
  std::map<std::string, std::vector<std::string>> const given(city.made.at(0).attributes.begin(),
                                                              city.made.at(0).attributes.end());
  EXPECT_EQ(given.at("POLE"), std::vector<std::string>{"A-1"});
  EXPECT_EQ(given.at("SIDE"), (std::vector<std::string>{"e", "n", "s"}));
  EXPECT_EQ(city.made.at(0).media_urls.size(), 2U);
}

TEST_F(Traps, TheSamePostTwiceIsOneRequest) {
  auto const first = boost::json::parse(post(necessary + "&description=same").body);
  EXPECT_EQ(boost::json::parse(post(necessary + "&description=same").body), first);
  EXPECT_EQ(boost::json::parse(post("description=same%0D%0A&" + necessary).body), first)
      << "line ends and order aside";
  EXPECT_EQ(city.made.size(), 1U);
  post(necessary + "&description=other");
  post("api_key=other&service_code=plain&lat=34.86&long=117.55&description=same");
  EXPECT_EQ(city.made.size(), 3U);
}

TEST_F(Traps, LatWithoutLongIsRefusedAtOnce) {
  auto const refused = post("api_key=good&service_code=plain&lat=34.86");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(told(refused).find("long:"), std::string::npos);
  EXPECT_EQ(post("api_key=good&service_code=plain&long=117&address_string=here").status, 400);
  EXPECT_EQ(get("requests.json?lat=34.86").status, 400);
  EXPECT_TRUE(city.made.empty());
}

TEST_F(Traps, PrivateCasesAreNeverShown) {
  city.requests = {released_request("1"), released_request("2")};
  city.requests[1].is_private = true;
  EXPECT_EQ(json("requests.json").as_array().size(), 1U);
  EXPECT_EQ(json("requests.json?service_request_id=1,2").as_array().size(), 1U);
  EXPECT_EQ(get("requests/2.json").status, 404);
  EXPECT_EQ(get("requests/2.xml").status, 404);
  EXPECT_EQ(get("requests.xml").body.find("<service_request_id>2<"), std::string::npos);
}

TEST_F(Traps, BeforeReleaseOnlyItemTimeAndGridCentreAreGivenOut) {
  auto hidden = released_request("9");
  hidden.released = false;
  hidden.status_notes = hidden.zipcode = hidden.address_id = hidden.service_notice = "SECRET";
  hidden.photos = {"SECRET.jpg"};
  city.requests = {hidden};
  for (auto const* path :
       {"requests.xml?extensions=true", "requests.json?extensions=true", "requests/9.json?extensions=true"}) {
    auto const body = get(path).body;
    for (auto const* secret :
         {"SECRET", "second line", "8612345", "example.org", "A-1", "\\u69b4", "&#x69b4;", "\\u7167"})
      EXPECT_EQ(body.find(secret), std::string::npos) << secret << " in " << path;
  }
  auto const shown = json("requests.json").at(0);
  EXPECT_EQ(shown.at("lat").as_double(), 34.86);
  EXPECT_EQ(shown.at("service_code").as_string(), "0102");
  EXPECT_TRUE(shown.at("description").is_null());
  EXPECT_TRUE(shown.at("media_url").is_null());
}

TEST_F(Traps, AListOfIdsOverridesEveryFilter) {
  EXPECT_EQ(get("requests.json?service_request_id=1,%202&status=nonsense&start_date=never&lat=1").status,
            200);
  EXPECT_EQ(city.asked.ids, (std::vector<std::string>{"1", "2"}));
}

TEST_F(Traps, ARangeOfMoreThan90DaysIsRefusedClearly) {
  auto const refused = get("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-04-01T00:00:01Z");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(told(refused).find("90 days"), std::string::npos);
  EXPECT_EQ(get("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-04-01T00:00:00Z").status, 200);
}

TEST_F(Traps, ElementNamesAreExact) {
  city.requests = {released_request()};
  auto const xml = get("requests.xml?extensions=true").body;
  for (auto const* path :
       {"/service_requests/request/service_request_id", "/service_requests/request/lat",
        "/service_requests/request/long", "/service_requests/request/attributes/attribute/label",
        "/service_requests/request/notes/note/datetime",
        "/service_requests/request/extended_attributes/channel"})
    EXPECT_EQ(read_by_another_parser(xml, std::string("count(") + path + ")"), "1") << path;
  auto const services = get("services.xml").body;
  EXPECT_EQ(read_by_another_parser(services, "count(/services/service)"), "2");
  EXPECT_EQ(read_by_another_parser(services, "string(/services/service[1]/keywords)"), "lamp,灯");
  EXPECT_EQ(read_by_another_parser(services, "string(/services/service[1]/metadata)"), "true");
  auto const definition = get("services/0102.xml").body;
  EXPECT_EQ(read_by_another_parser(definition, "count(/service_definition/attributes/attribute)"), "6");
  EXPECT_EQ(read_by_another_parser(definition, "string(//attribute[code=\"KIND\"]/values/value[2]/key)"),
            "flicker");
  EXPECT_EQ(read_by_another_parser(get("discovery.xml").body,
                                   "count(/discovery/endpoints/endpoint/formats/format)"),
            "2");
  EXPECT_EQ(read_by_another_parser(get("requests/x.xml").body, "string(/errors/error/code)"), "404");
  EXPECT_EQ(read_by_another_parser(get("tokens/T1.xml").body, "string(/service_requests/request/token)"),
            "T1");
  EXPECT_EQ(read_by_another_parser(post(necessary, "xml").body,
                                   "string(/service_requests/request/service_request_id)"),
            "100");
}

TEST_F(Traps, PostWantsHttps) {
  Request request{.method = Method::post, .body = necessary};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  EXPECT_EQ(call(request, "/open311/v2/requests.json").status, 400);
  EXPECT_TRUE(city.made.empty());
  request.secure = true;
  EXPECT_EQ(call(request, "/open311/v2/requests.json").status, 200);
}

TEST_F(Traps, AnEmptyParameterCountsAsAbsent) {
  EXPECT_EQ(get("requests.json?service_request_id=&status=&start_date=&end_date=&page=&lat=&long=").status,
            200);
  EXPECT_TRUE(city.asked.ids.empty());
  EXPECT_FALSE(city.asked.closed);
  EXPECT_EQ(city.asked.to - city.asked.from, std::chrono::days(90));
  EXPECT_EQ(city.asked.to, time.now());
}

TEST_F(Traps, ErrorsAreArraysInTheFormatThatWasAskedFor) {
  auto const refused = post(
      "api_key=good&service_code=0102&attribute[KIND]=blue&attribute[COUNT]=many&media_url=javascript:1");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.type, "application/json; charset=utf-8");
  auto const all = told(refused);
  for (auto const* field :
       {"lat:", "attribute[POLE]:", "attribute[KIND]:", "attribute[COUNT]:", "media_url:"})
    EXPECT_NE(all.find(field), std::string::npos) << field;
  auto const xml = get("services/unknown.xml");
  EXPECT_EQ(xml.status, 404);
  EXPECT_EQ(xml.type, "text/xml; charset=utf-8");
}

}  // namespace
}  // namespace zhili::web::open311::test
