#include <fmt/format.h>

#include <algorithm>

#include "respond/signals/signal.hpp"

namespace zhili::respond {

namespace {

using core::Errc;
using core::fail;

/// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

core::Result<> short_enough(std::string_view text, std::size_t max, std::string_view field) {
  if (characters(text) <= max) return {};
  return fail(Errc::limit, fmt::format("report.{}", field),
              {fmt::format("{} 太长，最多 {} 字。", field, max), fmt::format("{} is too long; at most {} characters.", field, max)},
              std::string(field));
}

tl::unexpected<core::Error> bad_answer(catalogue::Ask const& ask, core::Text why) {
  return fail(Errc::invalid, "report.answer",
              {fmt::format("“{}”：{}", ask.label.zh, why.zh), fmt::format("\"{}\": {}", ask.label.en, why.en)},
              "attribute[" + ask.code + "]");
}

core::Result<> check_answer(catalogue::Ask const& ask, std::vector<std::string> const& values) {
  using catalogue::AskType;
  for (auto const& value : values) {
    ZHILI_CHECK(short_enough(value, max_words_chars, "attribute[" + ask.code + "]"));
    bool const list = ask.type == AskType::list || ask.type == AskType::multi_list;
    auto const known = [&](catalogue::Named const& option) { return option.code == value; };
    if (list && std::none_of(ask.options.begin(), ask.options.end(), known))
      return bad_answer(ask, {fmt::format("没有“{}”这个选项。", value), fmt::format("there is no option \"{}\".", value)});
  }
  if (values.size() > max_answers)
    return bad_answer(ask, {fmt::format("回答太多，最多 {} 个。", max_answers), fmt::format("too many answers; at most {}.", max_answers)});
  if (values.size() > 1 && ask.type != AskType::multi_list) return bad_answer(ask, {"只能有一个回答。", "takes one answer only."});
  return {};
}

core::Result<> check_token(std::string_view token) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  bool const long_enough = token.size() >= min_token_chars && token.size() <= max_token_chars;
  if (token.empty() || (long_enough && token.find_first_not_of(allowed) == std::string_view::npos)) return {};
  return fail(Errc::invalid, "report.token",
              {fmt::format("token 由 {} 到 {} 个字母、数字、- 或 _ 随机组成；不给也行。", min_token_chars, max_token_chars),
               fmt::format("token is {} to {} random letters, digits, - or _; or leave it out.", min_token_chars, max_token_chars)},
              "token");
}

core::Result<> check_answers(Report const& report, catalogue::Item const& item) {
  if (report.answers.size() > max_answers)
    return fail(Errc::limit, "report.answers", {fmt::format("回答太多，最多 {} 个。", max_answers), fmt::format("Too many answers; at most {}.", max_answers)}, "attribute");
  for (auto const& ask : item.asks) {
    auto const answer = std::find_if(report.answers.begin(), report.answers.end(), [&](auto const& a) { return a.first == ask.code; });
    bool const given = answer != report.answers.end() && !answer->second.empty();
    if (!given && ask.required) return bad_answer(ask, {"请回答这个问题。", "please answer this question."});
    if (given) ZHILI_CHECK(check_answer(ask, answer->second));
  }
  return {};
}

}  // namespace

core::Result<> check_report(Report const& report, catalogue::Item const& item) {
  ZHILI_CHECK(short_enough(report.words, max_words_chars, "words"));
  ZHILI_CHECK(short_enough(report.address, max_address_chars, "address"));
  ZHILI_CHECK(short_enough(report.name, max_ref_chars, "name"));
  ZHILI_CHECK(short_enough(report.phone, max_ref_chars, "phone"));
  ZHILI_CHECK(short_enough(report.mail, max_ref_chars, "mail"));
  ZHILI_CHECK(check_token(report.token));
  if (!report.place && report.address.empty())
    return fail(Errc::invalid, "report.place", {"请指出地点：在地图上选一点，或写明地址。", "Say where it is: a point on the map, or an address."}, "place");
  if (report.media_urls.size() > max_media_urls)
    return fail(Errc::limit, "report.media", {fmt::format("最多 {} 个链接。", max_media_urls), fmt::format("At most {} links.", max_media_urls)}, "media_url");
  if (report.photos.size() > max_photos_per_command)
    return fail(Errc::limit, "report.photos", {fmt::format("最多 {} 张照片。", max_photos_per_command), fmt::format("At most {} photos.", max_photos_per_command)}, "photo");
  return check_answers(report, item);
}

}  // namespace zhili::respond
