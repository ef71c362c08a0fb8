// Another hotline's work orders in, and its replies out. Whoever sends holds an API key made out to the hotline's name.

#include <boost/json.hpp>

#include "respond/cases/case.hpp"
#include "web/phone/phone.hpp"

namespace zhili::web {

namespace {

using core::Errc;
using core::fail;

constexpr std::string_view next_header = "X-Next";
constexpr std::string_view more_header = "X-More";
constexpr std::size_t form_bytes = 64 * 1024;  // around the file

/// Errors: forbidden: the key is made out to somebody else.
core::Result<std::string> hotline_of(Call const& call) {
  auto name = call.path.text("hotline");
  if (call.key().holder == name) return name;
  return fail(Errc::forbidden, "hotline.key",
              {"这把密钥不是发给这条热线的：持有者要与热线同名。", "This key is not this hotline's: its holder must have the hotline's name."}, "hotline");
}

core::Result<boost::json::object> take(Call const& call, PhoneParts const& parts) {
  ZHILI_TRY(auto const name, hotline_of(call));
  auto const files = call.body.files("file");
  return parts.hotline.take(name, files.empty() ? std::string_view() : files.front());
}

core::Result<Response> replies(Call const& call, PhoneParts const& parts) {
  ZHILI_TRY(auto const name, hotline_of(call));
  ZHILI_TRY(auto const found, parts.hotline.replies(name, call.query.integer("after").value_or(0)));
  Response out{.type = found.json ? "application/json" : "text/csv; charset=utf-8", .body = found.text};
  out.headers.add(std::string(next_header), std::to_string(found.next));
  out.headers.add(std::string(more_header), found.more ? "1" : "0");
  return out;
}

}  // namespace

void mount_hotline(Operations& operations, PhoneParts const& parts) {
  using namespace shape;
  auto const hotline = needed("hotline", text(respond::max_ref_chars), {"热线名，见其对照表", "The hotline's name, as its profile says"});
  auto const reject = record("RejectedOrder", {{"line", integer()}, {"field", text()}, {"why", both_languages()}});
  operations.add({.id = "takeWorkOrders", .method = Method::post, .pattern = "/api/v1/hotlines/{hotline}/orders",
                  .summary = {"收下其他热线的工单", "Take another hotline's work orders"}, .who = with_key(organise::Scope::hotline_write), .path = {hotline},
                  .body = {needed("file", shape::list(shape::file(hotline_file_sent_bytes_max), 1), {"工单文件", "The file of work orders"})}, .body_format = BodyFormat::form,
                  .good = {{.shape = record("WorkOrdersTaken", {{"taken", integer()}, {"known", integer()}, {"rejected", integer()}, {"rejects", list(reject)}})}},
                  .options = {.body_bytes_max = hotline_file_sent_bytes_max + form_bytes}},
                 [parts](Call const& call) { return answered(take(call, parts)); });
  operations.add({.id = "listWorkOrderReplies", .method = Method::get, .pattern = "/api/v1/hotlines/{hotline}/replies",
                  .summary = {"给其他热线的答复；接着问用 X-Next", "Replies to another hotline; go on with X-Next"}, .who = with_key(organise::Scope::hotline_write), .path = {hotline},
                  .query = {optional("after", integer(0, std::int64_t{1} << 53), {"上次的 X-Next", "X-Next of the answer before"})},
                  .good = {{.shape = text(), .type = "text/csv"}, {.shape = list(map(text())), .type = "application/json"}}},
                 [parts](Call const& call) { return replies(call, parts); });
}

}  // namespace zhili::web
