#pragma once
// For tests: a small city behind Open311, and calls to it without sockets.

#include <gtest/gtest.h>

#include <boost/json/fwd.hpp>
#include <filesystem>
#include <map>

#include "web/form.hpp"
#include "web/open311/open311.hpp"

namespace zhili::web::open311::test {

inline core::Instant at(char const* iso) {
  return core::from_iso(iso).value();
}

/// Keeps what it is given; answers at once.
class City : public Backend {
 public:
  std::vector<NewRequest> made;
  std::vector<Found> requests;
  Query asked;
  std::map<std::string, std::string> seen;  // digest → id
  bool disk_is_full = false;

  core::Result<std::vector<Service>> services(core::Lang lang) override {
    return std::vector<Service>{{.code = "0102",
                                 .name = lang == core::Lang::zh ? "路灯" : "Street lamp",
                                 .description = "a < b & \"c\"",
                                 .has_attributes = true,
                                 .keywords = {"lamp", "灯"},
                                 .group = "照明"},
                                {.code = "plain", .name = "Plain"}};
  }
  core::Result<ServiceDefinition> definition(std::string_view code, core::Lang) override {
    ServiceDefinition out{std::string(code), {}};
    if (code == "0102") {
      out.attributes = {{.code = "POLE", .required = true, .description = "灯杆号"},
                        {.code = "HELP", .required = true, .variable = false, .description = "Thank you"},
                        {.code = "COUNT", .datatype = Datatype::number},
                        {.code = "SINCE", .datatype = Datatype::datetime},
                        {.code = "KIND",
                         .datatype = Datatype::singlevaluelist,
                         .values = {{"dark", "Dark"}, {"flicker", "Flickers"}}},
                        {.code = "SIDE",
                         .datatype = Datatype::multivaluelist,
                         .values = {{"n", "North"}, {"s", "South"}, {"e", "East"}}}};
      return out;
    }
    if (code == "plain") return out;
    return core::fail(core::Errc::not_found, "service.unknown", {"没有此服务。", "No such service."},
                      "service_code");
  }
  core::Result<std::string> key_holder(std::string_view key) override {
    if (key == "good" || key == "other") return "holder of " + std::string(key);
    return core::fail(core::Errc::forbidden, "key", {"密钥无效。", "The key is not valid."}, "api_key");
  }
  void create(NewRequest request, std::function<void(core::Result<Created>)> done) override {
    if (disk_is_full)
      return done(core::fail(core::Errc::unavailable, "disk", {"暂时无法受理。", "Cannot be taken now."}));
    auto const [where, is_new] = seen.try_emplace(request.digest, std::to_string(100 + made.size()));
    if (is_new) made.push_back(std::move(request));
    done(Created{.service_request_id = where->second, .service_notice = "谢谢"});
  }
  core::Result<std::vector<Found>> find(Query const& query, core::Lang) override {
    asked = query;
    if (query.ids.empty()) return requests;
    std::vector<Found> out;
    for (auto const& one : requests)
      if (std::find(query.ids.begin(), query.ids.end(), one.service_request_id) != query.ids.end())
        out.push_back(one);
    return out;
  }
  std::vector<Update> steps;
  std::vector<NewUpdate> heard;
  core::Result<std::vector<Update>> updates(core::Instant from, core::Instant to, std::vector<std::string> const& ids, std::size_t,
                                            core::Lang) override {
    std::vector<Update> out;
    for (auto const& one : steps) {
      bool const wanted = ids.empty() || std::find(ids.begin(), ids.end(), one.service_request_id) != ids.end();
      if (one.updated_at >= from && one.updated_at <= to && wanted) out.push_back(one);
    }
    return out;
  }
  core::Result<> hear(NewUpdate const& update) override {
    heard.push_back(update);
    return {};
  }
  core::Result<std::string> id_of_token(std::string_view token) override {
    if (token == "T1") return std::string("100");
    if (token == "T2") return std::string();
    return core::fail(core::Errc::not_found, "token", {"没有此凭据。", "No such token."});
  }
};

inline Found released_request(std::string id = "007") {
  return {.service_request_id = std::move(id),
          .released = true,
          .closed = true,
          .service_code = "0102",
          .service_name = "路灯",
          .requested_at = at("2026-07-01T08:00:00.250Z"),
          .updated_at = at("2026-07-02T09:00:00Z"),
          .grid_centre = core::LatLon::of(34.86, 117.55),
          .at = core::LatLon::of(34.8612345, -117.5),
          .description = "灯不亮 <b>& \"so\" on\nsecond line",
          .address = "榴花路 1 号",
          .agency_responsible = "照明所",
          .media_urls = {"https://example.org/a.jpg"},
          .attributes = {{"POLE", "灯杆号", "A-1", ""}},
          .notes = {{at("2026-07-02T09:00:00Z"), "已修好", "closed"}},
          .channel = "open311"};
}

/// The routes over the city; no transport.
struct Open311 : testing::Test {
  core::ManualTime time{at("2026-07-12T08:00:00Z")};
  City city;
  std::filesystem::path photo_folder =
      std::filesystem::temp_directory_path() / ("zhili_open311_" + std::to_string(::getpid()));
  PhotoStore photos{photo_folder};
  Options options{.changed = at("2026-01-01T00:00:00Z"),
                  .contact = "hotline 12345",
                  .key_service = "ask the hotline"};
  Router router;
  bool mounted = false;

  ~Open311() override { std::filesystem::remove_all(photo_folder); }

  Response call(Request request, std::string const& target) {
    if (!mounted) mount(router, city, options, &photos, time);
    mounted = true;
    auto parsed = parse_target(target);
    EXPECT_TRUE(parsed) << target;
    request.query = parsed->query;
    auto match = router.find(request.method, parsed->segments);
    if (match.route == nullptr) return {.status = 404};
    request.params = match.params;
    if (match.route->handler) return match.route->handler(request);
    Response out{.status = 0};
    match.route->later(request, Responder([&](Response response) { out = std::move(response); }));
    return out;
  }
  Response get(std::string const& path, std::string const& language = "en") {
    Request request{.secure = true};
    request.headers.add("Host", "city.example");
    request.headers.add("Accept-Language", language);
    return call(std::move(request), "/open311/v2/" + path);
  }
  Response post(std::string body, std::string const& format = "json",
                std::string const& type = "application/x-www-form-urlencoded; charset=utf-8") {
    Request request{.method = Method::post, .body = std::move(body), .loopback = true};
    request.headers.add("Accept-Language", "en");
    if (!type.empty()) request.headers.add("Content-Type", type);
    return call(std::move(request), "/open311/v2/requests." + format);
  }
  boost::json::value json(std::string const& path);  // defined in requests_test.cpp
};

/// The descriptions of an error answer, joined; each must carry the status of the answer.
std::string told(Response const& response);

}  // namespace zhili::web::open311::test
