#include <algorithm>

#include "web/open311/read.hpp"
#include "web/transport/ascii.hpp"
#include "web/utf8.hpp"

namespace zhili::web::open311 {

using core::Errc;

namespace {

constexpr std::chrono::hours updates_asked_by_default_h{24};

bool is_identifier(std::string_view text) {
  return !text.empty() && text.size() <= field_max_characters &&
         std::all_of(text.begin(), text.end(), [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_' || c == '.' || c == ':'; });
}

struct Reader {
  Fields const& fields;
  Errors errors = {};

  void wrong(std::string key, core::Text text, std::string field) { errors.push_back({Errc::invalid, std::move(key), std::move(text), std::move(field)}); }

  std::string identifier(std::string const& field) {
    auto const text = fields.get(field).value_or("");
    if (!is_identifier(text)) wrong("open311.identifier", {"必填，只能有字母、数字和 -_.:。", "Is required; letters, digits and -_.: only."}, field);
    return std::string(text);
  }

  std::optional<core::Instant> time(std::string const& field) {
    auto const text = fields.get(field);
    if (!text) return std::nullopt;
    auto const at = core::from_iso(*text);
    if (!at) {
      wrong("open311.time", {"须为带时区的时间，如 2026-07-12T08:05:00+08:00；网址中的“+”要写作 %2B。",
                             "Must be a time with a zone, as 2026-07-12T08:05:00+08:00; in an address the \"+\" is written %2B."}, field);
      return std::nullopt;
    }
    return *at;
  }
};

}  // namespace

tl::expected<NewUpdate, Errors> read_new_update(Fields const& form) {
  Reader in{.fields = form};
  NewUpdate out;
  out.service_request_id = in.identifier("service_request_id");
  out.update_id = in.identifier("update_id");
  out.status = ascii::lower(form.get("status").value_or(""));
  if (std::ranges::find(update_statuses, out.status) == std::end(update_statuses)) {
    std::string all;
    for (auto const one : update_statuses) all += (all.empty() ? "" : ", ") + std::string(one);
    in.wrong("open311.update_status", {"须为其一：" + all, "Must be one of: " + all}, "status");
  }
  auto const at = in.time("updated_datetime");
  if (!at && in.errors.empty()) in.wrong("open311.time", {"必填。", "Is required."}, "updated_datetime");
  out.updated_at = at.value_or(core::Instant{});
  out.description = plain_text(form.get("description").value_or(""));
  if (count_characters(out.description) > description_max_characters) {
    auto const most = std::to_string(description_max_characters);
    in.wrong("open311.too_long", {"过长：最多 " + most + " 个字符。", "Too long: at most " + most + " characters."}, "description");
  }
  if (!in.errors.empty()) return tl::unexpected(std::move(in.errors));
  return out;
}

tl::expected<UpdatesQuery, Errors> read_updates_query(Fields const& query, core::Instant now) {
  Reader in{.fields = query};
  UpdatesQuery out;
  out.to = in.time("end_date").value_or(now);
  out.from = in.time("start_date").value_or(out.to - updates_asked_by_default_h);
  if (out.from > out.to) in.wrong("open311.range", {"开始时间不得晚于结束时间。", "Must not be after end_date."}, "start_date");
  for (auto list = query.get("service_request_id").value_or(""); !list.empty();)
    if (auto const id = ascii::trim(ascii::take(list, ',')); !id.empty()) out.ids.emplace_back(id);
  if (out.ids.size() > ids_max) {
    auto const most = std::to_string(ids_max);
    in.wrong("open311.ids", {"编号最多 " + most + " 个。", "At most " + most + " ids."}, "service_request_id");
  }
  if (!in.errors.empty()) return tl::unexpected(std::move(in.errors));
  return out;
}

}  // namespace zhili::web::open311
