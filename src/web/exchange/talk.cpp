#include "web/exchange/talk.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "web/exchange/outside_words.hpp"
#include "web/form.hpp"
#include "web/transport/ascii.hpp"

namespace zhili::web::exchange {

namespace json = boost::json;
using core::Errc;
using core::fail;
using Pairs = std::vector<std::pair<std::string, std::string>>;

namespace {

/// Ids come as texts, and from some servers as numbers.
std::string text(json::object const& object, char const* key) {
  auto const* found = object.if_contains(key);
  if (!found) return {};
  if (found->is_string()) return std::string(found->as_string());
  return found->is_int64() ? std::to_string(found->as_int64()) : found->is_uint64() ? std::to_string(found->as_uint64()) : std::string();
}

bool is_an_id(std::string const& id) { return !id.empty() && id.size() <= outside_name_bytes_max; }

tl::unexpected<core::Error> strange(std::string detail) {
  return fail(Errc::corrupt, "exchange.answer", {"对方的应答不是 Open311。", "What the other system answers is not Open311."}, {}, std::move(detail));
}

/// The objects of a list: a bare array, or, as some servers do, one inside an object.
core::Result<std::vector<json::object>> objects_in(std::string const& body) {
  boost::system::error_code failed;
  auto parsed = json::parse(body, failed);
  if (failed) return strange(failed.message());
  if (auto* const wrapped = parsed.if_object()) {
    if (wrapped->size() != 1 || !wrapped->begin()->value().is_array()) return strange("an object");
    auto inside = std::move(wrapped->begin()->value());
    parsed = std::move(inside);
  }
  auto const* list = parsed.if_array();
  if (!list) return strange("no list");
  std::vector<json::object> out;
  for (auto const& one : *list) {
    if (!one.is_object()) return strange("no object in the list");
    out.push_back(one.as_object());
  }
  return out;
}

std::string form_of(Pairs const& fields) {
  std::string out;
  for (auto const& [name, value] : fields) {
    if (value.empty()) continue;
    if (!out.empty()) out += '&';
    out += percent_encode(name) + '=' + percent_encode(value);
  }
  return out;
}

/// Lists of ids with commas, as many as one question may have.
std::vector<std::string> in_pieces(std::vector<std::string> const& ids) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i % peer_ids_max == 0) out.emplace_back();
    out.back() += (out.back().empty() ? "" : ",") + ids[i];
  }
  return out;
}

core::Result<client::Answer> good(core::Result<client::Answer> answer) {
  if (!answer || (answer->status >= 200 && answer->status < 300)) return answer;
  return fail(Errc::unavailable, "exchange.http",
              {fmt::format("对方答复 HTTP {}。", answer->status), fmt::format("The other system answered HTTP {}.", answer->status)}, {},
              fmt::format("HTTP {}", answer->status));  // what it wrote beside it may repeat somebody's words, and this is kept in the clear
}

std::vector<std::string> media_of(json::object const& object) {
  std::vector<std::string> out;
  auto const add = [&](json::value const& value) {
    if (value.is_string() && !value.as_string().empty()) out.emplace_back(value.as_string());
  };
  for (auto const* key : {"media_urls", "media_url"}) {
    auto const* found = object.if_contains(key);
    if (!found || !out.empty()) continue;
    if (found->is_array())
      for (auto const& one : found->as_array()) add(one);
    else
      add(*found);
  }
  return out;
}

}  // namespace

core::Result<client::Answer> Talk::ask(std::string path, Pairs fields) const {
  fields.emplace_back("jurisdiction_id", peer_.jurisdiction);
  client::Call call{.url = peer_.url + "/" + path + "?" + form_of(fields)};
  call.limits.answer_bytes_max = peer_answer_bytes_max;
  return client_.call(call);
}

core::Result<client::Answer> Talk::post(std::string path, Pairs fields) const {
  fields.emplace_back("jurisdiction_id", peer_.jurisdiction);
  fields.emplace_back("api_key", key_);
  client::Call call{.method = "POST", .url = peer_.url + "/" + path, .body = form_of(fields)};
  call.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  return good(client_.call(call));
}

core::Result<std::string> Talk::hand_over(Handed const& handed) const {
  Pairs fields{{"service_code", handed.service_code},
               {"description", handed.description},
               {"address_string", handed.address},
               {"service_request_id_ext", handed.reference}};
  if (handed.at) {
    fields.emplace_back("lat", fmt::format("{:.7f}", handed.at->lat()));
    fields.emplace_back("long", fmt::format("{:.7f}", handed.at->lon()));
  }
  ZHILI_TRY(auto const answer, post("requests.json", std::move(fields)));
  ZHILI_TRY(auto const made, objects_in(answer.body));
  if (made.empty()) return strange("an empty list");
  auto id = text(made.front(), "service_request_id");
  auto const token = text(made.front(), "token");
  if (!id.empty() || token.empty()) return id;
  ZHILI_TRY(auto const behind, good(ask("tokens/" + percent_encode(token) + ".json", {})));
  ZHILI_TRY(auto const found, objects_in(behind.body));
  return found.empty() ? std::string() : text(found.front(), "service_request_id");
}

core::Result<std::optional<std::string>> Talk::find(Handed const& handed, core::Instant from, core::Instant to) const {
  int questions = 0;
  return find(handed, from, to, questions);
}

core::Result<std::optional<std::string>> Talk::find(Handed const& handed, core::Instant from, core::Instant to, int& questions) const {
  if (++questions > peer_find_questions_max)
    return fail(Errc::limit, "exchange.find", {"对方的请求太多，查不到这一件是否已送到。请人工核对。", "They have too many requests to find out whether this one arrived. Look by hand."});
  ZHILI_TRY(auto const answer, good(ask("requests.json", {{"service_code", handed.service_code},
                                                          {"start_date", core::to_iso(from)},
                                                          {"end_date", core::to_iso(to)}})));
  ZHILI_TRY(auto const requests, objects_in(answer.body));
  for (auto const& request : requests)
    if (text(request, "description").find(handed.reference) != std::string::npos) return text(request, "service_request_id");
  if (requests.size() < peer_list_may_be_cut || to - from < peer_times_halved_min) return std::nullopt;
  auto const middle = from + (to - from) / 2;
  ZHILI_TRY(auto later, find(handed, middle, to, questions));
  if (later) return later;
  return find(handed, from, middle, questions);
}

core::Result<> Talk::tell(Told const& update) const {
  auto status = update.status;
  for (char& c : status) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  ZHILI_CHECK(post("servicerequestupdates.json", {{"service_request_id", update.request_id},
                                                  {"update_id", update.update_id},
                                                  {"status", status},
                                                  {"updated_datetime", core::to_iso(update.at)},
                                                  {"description", update.description}}));
  return {};
}

core::Result<std::optional<std::vector<Told>>> Talk::updates(core::Instant from, core::Instant to, std::vector<std::string> const& ids) const {
  std::vector<Told> out;
  for (auto const& some : in_pieces(ids)) {
    ZHILI_TRY(auto const spoken, add_updates(out, from, to, some));
    if (!spoken) return std::nullopt;
  }
  return out;
}

/// False: it does not speak the extension.
core::Result<bool> Talk::add_updates(std::vector<Told>& out, core::Instant from, core::Instant to, std::string const& ids) const {
  auto answer = ask("servicerequestupdates.json", {{"start_date", core::to_iso(from)}, {"end_date", core::to_iso(to)}, {"service_request_id", ids}, {"api_key", key_}});
  if (answer && answer->status == 404) return false;
  ZHILI_TRY(auto const whole, good(std::move(answer)));
  ZHILI_TRY(auto const all, objects_in(whole.body));
  if (all.size() >= peer_list_may_be_cut && to - from > peer_times_halved_min) {
    auto const middle = from + (to - from) / 2;
    ZHILI_TRY(auto const earlier, add_updates(out, from, middle, ids));
    return earlier ? add_updates(out, middle, to, ids) : core::Result<bool>(false);
  }
  for (auto const& one : all) {
    auto const at = core::from_iso(text(one, "updated_datetime"));
    Told told{text(one, "update_id"), text(one, "service_request_id"), ascii::lower(text(one, "status")), at.value_or(to), text(one, "description"),
              media_of(one)};
    if (!is_an_id(told.update_id) || !is_an_id(told.request_id)) return strange("an update without its ids");
    out.push_back(std::move(told));
  }
  return true;
}

core::Result<std::vector<Told>> Talk::states(std::vector<std::string> const& ids) const {
  std::vector<Told> out;
  for (auto const& some : in_pieces(ids)) {
    ZHILI_TRY(auto const answer, good(ask("requests.json", {{"service_request_id", some}})));
    ZHILI_TRY(auto const requests, objects_in(answer.body));
    for (auto const& one : requests) {
      auto const when = text(one, "updated_datetime");
      auto const status = ascii::lower(text(one, "status"));
      auto const at = core::from_iso(when);
      auto const id = text(one, "service_request_id");
      out.push_back({fmt::format("{}:{}:{}", id, status, when), id, status, at.value_or(core::Instant{}), text(one, "status_notes"), media_of(one)});
    }
  }
  return out;
}

core::Result<std::string> Talk::photo(std::string const& url) const {
  auto const host = peer_.url.find("://") + 3;
  auto const origin = peer_.url.substr(0, peer_.url.find('/', host)) + "/";
  if (!url.starts_with(origin))
    return fail(Errc::forbidden, "exchange.photo_elsewhere",
                {"照片不在对方的服务器上，未取。", "The photo is not on the other system's server and was not fetched."});
  client::Call call{.url = url};
  call.limits.answer_bytes_max = peer_photo_bytes_max;
  ZHILI_TRY(auto answer, good(client_.call(call)));
  return std::move(answer.body);
}

}  // namespace zhili::web::exchange
