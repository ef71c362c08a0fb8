#include "web/hooks/routes.hpp"

#include <boost/json.hpp>

#include "web/api/view.hpp"

namespace zhili::web::hooks {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

namespace {

constexpr DeliveryState delivery_states[] = {DeliveryState::waiting, DeliveryState::delivered, DeliveryState::given_up};

Response json_of(object const& body) { return Response::json(boost::json::serialize(body)); }

value text_or_null(std::string const& text) { return text.empty() ? value(nullptr) : value(text); }

object hook_json(Hook const& hook, Deliveries::Counts const& counts, core::Zone const& zone) {
  auto const& filter = hook.wanted.filter;
  return {{"id", hook.id},
          {"name", hook.wanted.name},
          {"url", hook.wanted.url},
          {"kinds", array(filter.kinds.begin(), filter.kinds.end())},
          {"area", filter.area},
          {"items", array(filter.items.begin(), filter.items.end())},
          {"department", hook.wanted.department},
          {"enabled", hook.wanted.enabled},
          {"stopped", text_or_null(hook.stopped)},
          {"secret_lost", hook.secret_lost},
          {"made_at", time_json(hook.made_at, zone)},
          {"waiting", counts.waiting},
          {"waiting_since", time_json(counts.waiting_since, zone)},
          {"given_up", counts.given_up}};
}

object delivery_json(Delivery const& delivery, core::Zone const& zone) {
  bool const waits = delivery.state == DeliveryState::waiting;
  return {{"id", delivery.id()},
          {"entry", delivery.entry},
          {"kind", core::name(delivery.kind)},
          {"state", name(delivery.state)},
          {"made_at", time_json(delivery.made_at, zone)},
          {"attempts", delivery.attempts},
          {"next_at", waits ? time_json(delivery.next_at, zone) : value(nullptr)},
          {"status", delivery.status ? value(*delivery.status) : value(nullptr)},
          {"trouble", text_or_null(delivery.trouble)},
          {"done_at", time_json(delivery.done_at, zone)}};
}

/// Errors: invalid (a department that is not there).
core::Result<Wanted> wanted_in(Call const& call, PeopleParts const& parts) {
  Wanted out{.name = call.body.text("name"), .url = call.body.text("url")};
  out.filter = {.area = call.body.text("area"), .items = call.body.texts("items"), .kinds = call.body.texts("kinds")};
  out.department = call.body.text("department");
  if (!out.department.empty() && !parts.api.installation->department(out.department))
    return fail(Errc::invalid, "hook.department", {"没有部门“" + out.department + "”。", "There is no department \"" + out.department + "\"."}, "department");
  out.enabled = call.body.flag("enabled");
  return out;
}

core::Result<Hook> hook_of(Call const& call, Hooks const& hooks, PeopleParts const& parts) {
  ZHILI_TRY(auto const all, parts.api.db->read([&](store::Reader& reader) { return hooks.list(reader); }));
  auto const found = std::ranges::find(all, call.path.integer("id").value_or(0), &Hook::id);
  if (found == all.end()) return fail(Errc::not_found, "hook.unknown", {"没有这个推送。", "There is no such webhook."}, "id");
  return *found;
}

core::Result<Response> listed(Hooks const& hooks, PeopleParts const& parts) {
  array out;
  ZHILI_CHECK(parts.api.db->read([&](store::Reader& reader) {
    for (auto const& hook : hooks.list(reader)) out.push_back(hook_json(hook, Deliveries::counts(reader, hook.id), parts.api.zone));
  }));
  return json_of({{"hooks", std::move(out)}});
}

core::Result<Response> log_of(Call const& call, Hooks const& hooks, PeopleParts const& parts) {
  ZHILI_TRY(auto const hook, hook_of(call, hooks, parts));
  std::optional<DeliveryState> state;
  for (auto const one : delivery_states)
    if (call.query.text("state") == name(one)) state = one;
  array out;
  value next;
  ZHILI_CHECK(parts.api.db->read([&](store::Reader& reader) {
    auto const page = Deliveries::list(reader, hook.id, state, call.query.integer("before").value_or(0));
    for (auto const& delivery : page) out.push_back(delivery_json(delivery, parts.api.zone));
    if (page.size() == deliveries_page_max) next = page.back().entry;
  }));
  return json_of({{"deliveries", std::move(out)}, {"next", std::move(next)}});
}

core::Result<Response> test(Call const& call, Hooks const& hooks, Deliveries& deliveries, PeopleParts const& parts) {
  ZHILI_TRY(auto const hook, hook_of(call, hooks, parts));
  auto const came = deliveries.test(hook);
  return json_of({{"delivered", came.delivered}, {"status", came.status ? value(*came.status) : value(nullptr)}, {"trouble", text_or_null(came.trouble)}});
}

// ---- descriptions

using shape::flag;
using shape::integer;
using shape::nullable;
using shape::record;
using shape::text;

constexpr std::size_t code_characters_max = 60;

std::vector<Field> hook_body() {
  auto const prefixes = shape::list(text(code_characters_max), hook_filters_max);
  return {needed("name", text(hook_name_characters_max), {"名称", "What it is called"}),
          needed("url", text(hook_url_bytes_max), {"接收网址", "Where it is sent"}),
          optional("kinds", prefixes, {"事件种类的开头，如 case.closed；不写是全部", "Beginnings of kinds, such as case.closed; all if left out"}),
          optional("area", text(code_characters_max), {"区域代码的开头", "Beginning of area codes"}),
          optional("items", prefixes, {"事项代码的开头", "Beginnings of item codes"}),
          optional("department", text(code_characters_max), {"部门代码：发给它的报告送到这里，与上面的条件无关", "Code of a department: reports that are sent to it are delivered here, whatever the filters above"}),
          needed("enabled", flag(), {"是否启用", "Whether it is sent to"})};
}

Shape hook_shape() {
  return record("Webhook", {{"id", integer()}, {"name", text()}, {"url", text()}, {"kinds", shape::list(text())}, {"area", text()},
                            {"items", shape::list(text())}, {"department", text()}, {"enabled", flag()}, {"stopped", nullable(text()), {"程序停用的原因", "Why the program disabled it"}},
                            {"secret_lost", flag(), {"密钥文件换过，接收方的密钥已不对", "The key file is another one: the receiver's secret is no longer right"}},
                            {"made_at", shape::time()}, {"waiting", integer()}, {"waiting_since", nullable(shape::time())}, {"given_up", integer()}});
}

Shape state_shape() {
  std::vector<std::string> names;
  for (auto const one : delivery_states) names.emplace_back(name(one));
  return shape::choice(std::move(names));
}

Shape delivery_shape() {
  return record("WebhookDelivery", {{"id", text(), {"每次重试相同", "The same on each attempt"}}, {"entry", integer()}, {"kind", text()}, {"state", state_shape()},
                                    {"made_at", shape::time()}, {"attempts", integer()}, {"next_at", nullable(shape::time())}, {"status", nullable(integer())},
                                    {"trouble", nullable(text())}, {"done_at", nullable(shape::time())}});
}

std::vector<Field> id_path() { return {needed("id", integer(), {"推送编号", "id of the webhook"})}; }

void mount_register(Operations& operations, Hooks& hooks, PeopleParts const& parts) {
  auto const who = with_role(organise::administrator_role);
  operations.add({.id = "listWebhooks", .method = Method::get, .pattern = "/api/v1/hooks", .summary = {"推送和它们的情况", "Webhooks and how they are"}, .who = who,
                  .good = {{.shape = record("Webhooks", {{"hooks", shape::list(hook_shape())}})}}},
                 [&hooks, parts](Call const&) { return listed(hooks, parts); });
  operations.add({.id = "makeWebhook", .method = Method::post, .pattern = "/api/v1/hooks", .summary = {"新设一个推送", "Make a webhook"}, .who = who, .body = hook_body(),
                  .once = true, .good = {{.status = 201, .shape = record("MadeWebhook", {{"id", integer()}, {"secret", nullable(text()), {"只显示这一次", "Shown this once"}}})}}},
                 [&hooks, parts](Call const& call) -> core::Result<Response> {
                   ZHILI_TRY(auto const wanted, wanted_in(call, parts));
                   return call.once.write(*parts.api.db, [&](store::Writer& writer) -> core::Result<Response> {
                     ZHILI_TRY(auto const made, hooks.add(writer, wanted, call.caller().ref()));
                     return Response::json(boost::json::serialize(object{{"id", made.id}, {"secret", made.secret}}), 201);
                   }, "secret");
                 });
  operations.add({.id = "changeWebhook", .method = Method::put, .pattern = "/api/v1/hooks/{id}", .summary = {"修改推送", "Change a webhook"}, .who = who, .path = id_path(),
                  .body = hook_body(), .good = {{.shape = id_shape()}}},
                 [&hooks, parts](Call const& call) -> core::Result<Response> {
                   auto const id = call.path.integer("id").value_or(0);
                   ZHILI_TRY(auto const wanted, wanted_in(call, parts));
                   ZHILI_CHECK(hooks.change(id, wanted, call.caller().ref()));
                   return json_of({{"id", id}});
                 });
  operations.add({.id = "removeWebhook", .method = Method::del, .pattern = "/api/v1/hooks/{id}", .summary = {"删除推送", "Remove a webhook"}, .who = who, .path = id_path(),
                  .good = {{.status = 204}}},
                 [&hooks](Call const& call) -> core::Result<Response> {
                   ZHILI_CHECK(hooks.remove(call.path.integer("id").value_or(0), call.caller().ref()));
                   return Response::no_content();
                 });
}

}  // namespace

void mount_hooks(Operations& operations, Hooks& hooks, Deliveries& deliveries, PeopleParts const& parts) {
  mount_register(operations, hooks, parts);
  auto const who = with_role(organise::administrator_role);
  operations.add({.id = "testWebhook", .method = Method::post, .pattern = "/api/v1/hooks/{id}/test", .summary = {"现在发一条测试消息", "Send a test message now"}, .who = who,
                  .path = id_path(), .good = {{.shape = record("WebhookTest", {{"delivered", flag()}, {"status", nullable(integer())}, {"trouble", nullable(text())}})}}},
                 [&hooks, &deliveries, parts](Call const& call) { return test(call, hooks, deliveries, parts); });
  operations.add({.id = "listWebhookDeliveries", .method = Method::get, .pattern = "/api/v1/hooks/{id}/deliveries", .summary = {"推送记录，新的在前", "What a webhook was told, the newest first"},
                  .who = who, .path = id_path(),
                  .query = {optional("state", state_shape(), {"只看这一种", "Only these"}), optional("before", integer(), {"上一页的 next", "next of the page before"})},
                  .good = {{.shape = record("WebhookDeliveries", {{"deliveries", shape::list(delivery_shape())}, {"next", nullable(integer())}})}}},
                 [&hooks, parts](Call const& call) { return log_of(call, hooks, parts); });
  auto path = id_path();
  path.push_back(needed("entry", integer(), {"消息的 entry", "entry of the message"}));
  operations.add({.id = "redeliverWebhook", .method = Method::post, .pattern = "/api/v1/hooks/{id}/deliveries/{entry}/again", .summary = {"再送一次", "Deliver a message again"},
                  .who = who, .path = std::move(path), .good = {{.status = 204}}},
                 [&deliveries](Call const& call) -> core::Result<Response> {
                   ZHILI_CHECK(deliveries.again(call.path.integer("id").value_or(0), call.path.integer("entry").value_or(0), call.caller().ref()));
                   return Response::no_content();
                 });
}

}  // namespace zhili::web::hooks
