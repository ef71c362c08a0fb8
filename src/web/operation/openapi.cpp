#include "web/operation/openapi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <stdexcept>

#include "web/operation/schema.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;

constexpr std::string_view prefix = "/api/v1/";

std::string both(core::Text const& text) { return text.zh.empty() ? std::string() : text.zh + " / " + text.en; }

object schema_reference(std::string_view name) { return {{"$ref", "#/components/schemas/" + std::string(name)}}; }

object problem_answer(std::string_view why) {
  return {{"description", why}, {"content", object{{"application/problem+json", object{{"schema", schema_reference("Problem")}}}}}};
}

/// RFC 9457, with `code`, which never changes, and `field`, where one is wrong.
Shape problem_shape() {
  using namespace shape;
  return record("Problem", {{"type", text()},
                            {"title", text()},
                            {"status", integer(400, 599)},
                            {"code", text(), {"给程序看，不会变", "For programs; it never changes"}},
                            {"field", nullable(text()), {"哪个字段不对", "Which field is wrong"}},
                            {"detail", both_languages(), {"什么不对，按什么规则，怎么改", "What is wrong, by which rule, and how to mend it"}}});
}

std::string_view name(Who::Kind kind) {
  switch (kind) {
    case Who::Kind::everybody: return "everybody";
    case Who::Kind::one_time: return "one_time";
    case Who::Kind::signed_in: return "signed_in";
    case Who::Kind::key: return "key";
    case Who::Kind::device: return "device";
  }
  return "";
}

std::string_view name(Who::Within within) {
  switch (within) {
    case Who::Within::anything: return "anything";
    case Who::Within::its_case: return "its_case";
    case Who::Within::its_signal: return "its_signal";
  }
  return "";
}

Field once_field() {
  return optional(std::string(once_header), shape::text(once_key_characters_max),
                  {"随机起的名字：同名重发只做一次，一天之内给出同样的回答", "A random name: what is sent again under it is done once, and answered alike for a day"});
}

std::string who_in_words(Who const& who) {
  core::Text out{"所有人", "everybody"};
  if (who.kind == Who::Kind::signed_in) out = {"登录的人", "whoever is signed in"};
  if (who.kind == Who::Kind::one_time) out = {"登录的人，即使还没改一次性密码", "whoever is signed in, even with a one-time password"};
  if (who.kind == Who::Kind::key) out = {"带密钥的程序（Authorization: Bearer）", "a program with a key (Authorization: Bearer)"};
  if (who.kind == Who::Kind::device) out = {"设备，凭自己的令牌（Authorization: Bearer zd_…）", "a device, by its own token (Authorization: Bearer zd_…)"};
  if (who.scope) out = {fmt::format("{}，范围 {}", out.zh, organise::name(*who.scope)), fmt::format("{} of scope {}", out.en, organise::name(*who.scope))};
  for (auto const& role : who.roles) out = {out.zh + "，角色 " + role, out.en + " as " + role};
  if (who.everywhere) out = {out.zh + "（岗位不限区域和事项）", out.en + " by a post for all areas and items"};
  if (who.within == Who::Within::its_case) out = {out.zh + "，岗位管得到这个案卷", out.en + " and has a post that is for the case"};
  if (who.within == Who::Within::its_signal) out = {out.zh + "，岗位管得到这个上报", out.en + " and has a post that is for the report"};
  if (who.proved) out = {out.zh + "，刚刚确认过是本人", out.en + " and has just proved who they are"};
  return "谁可以：" + out.zh + " / Who may: " + out.en;
}

/// The document while it is written: shapes with a name are collected on the way.
class Document {
 public:
  explicit Document(Router const& router) {
    schema(problem_shape());
    for (auto const& route : router.routes()) {
      if (!route->pattern.starts_with(prefix)) continue;
      if (!route->options.operation) throw std::logic_error("the route " + route->pattern + " is not described");
      add(*route->options.operation);
    }
  }

  std::string text() && {
    object components{{"schemas", std::move(schemas_)},
                      {"securitySchemes",
                       object{{"session", object{{"type", "apiKey"}, {"in", "cookie"}, {"name", session_cookie}}},
                              {"forgery", object{{"type", "apiKey"}, {"in", "header"}, {"name", csrf_header}}},
                              {"key", object{{"type", "http"}, {"scheme", "bearer"}}},
                              {"device", object{{"type", "http"}, {"scheme", "bearer"}}}}}};
    return boost::json::serialize(object{{"openapi", "3.1.0"},
                                         {"info", object{{"title", "zhili 智理 /api/v1"}, {"version", "1"}, {"license", object{{"name", "see LICENSE"}}}}},
                                         {"servers", array{object{{"url", "/"}}}},
                                         {"paths", std::move(paths_)},
                                         {"components", std::move(components)}});
  }

 private:
  boost::json::value schema(Shape const& shape) { return to_schema(shape, schemas_); }

  void add(Operation const& operation) {
    if (!ids_.insert(operation.id).second) throw std::logic_error("two operations are called " + operation.id);
    auto const rest = operation.pattern.substr(prefix.size());
    bool const somebody = operation.who.kind != Who::Kind::everybody;
    object out{{"operationId", operation.id},
               {"tags", array{rest.substr(0, rest.find('/'))}},
               {"summary", both(operation.summary)},
               {"description", who_in_words(operation.who)},
               {"x-who", who_json(operation.who)},
               {"security", security(operation)}};
    array parameters;
    add_parameters(parameters, operation.path, "path");
    add_parameters(parameters, operation.query, "query");
    add_parameters(parameters, operation.headers, "header");
    if (operation.once) add_parameters(parameters, {once_field()}, "header");
    if (!parameters.empty()) out["parameters"] = std::move(parameters);
    if (!operation.body.empty()) out["requestBody"] = body(operation);
    out["responses"] = responses(operation, somebody);
    std::string method(web::name(operation.method));
    std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    auto& path = paths_[operation.pattern];
    if (path.is_null()) path = object();
    path.as_object()[method] = std::move(out);
  }

  static object who_json(Who const& who) {
    return {{"kind", name(who.kind)},
            {"roles", array(who.roles.begin(), who.roles.end())},
            {"everywhere", who.everywhere},
            {"within", name(who.within)},
            {"proved", who.proved},
            {"scope", who.scope ? boost::json::value(organise::name(*who.scope)) : boost::json::value(nullptr)}};
  }

  /// OpenAPI 3.1 lets any scheme name the scopes that are needed.
  static array security(Operation const& operation) {
    if (operation.who.kind == Who::Kind::everybody) return {};
    if (operation.who.kind == Who::Kind::device) return {object{{"device", array()}}};
    if (operation.who.kind == Who::Kind::key) {
      array scopes;
      if (operation.who.scope) scopes.emplace_back(organise::name(*operation.who.scope));
      return {object{{"key", std::move(scopes)}}};
    }
    object needs{{"session", array()}};
    if (operation.method != Method::get) needs["forgery"] = array();
    return {std::move(needs)};
  }

  void add_parameters(array& out, std::vector<Field> const& fields, std::string_view in) {
    for (auto const& field : fields) {
      object one{{"name", field.name}, {"in", in}, {"required", field.needed}, {"description", both(field.meaning)}, {"schema", schema(field.shape)}};
      if (field.shape.type == Shape::Type::list) {
        one["style"] = "form";
        one["explode"] = false;
      }
      out.push_back(std::move(one));
    }
  }

  object body(Operation const& operation) {
    object content;
    auto const made = schema(shape::record("", operation.body));
    if (operation.body_format == BodyFormat::json) content["application/json"] = object{{"schema", made}};
    else content["multipart/form-data"] = object{{"schema", made}};
    bool const any = std::ranges::any_of(operation.body, &Field::needed);
    return {{"required", any}, {"content", std::move(content)}};
  }

  object responses(Operation const& operation, bool somebody) {
    object out;
    for (auto const& good : operation.good) {
      object one{{"description", good.status == 204 ? "Done" : good.status == 201 ? "Made" : "All is well"}};
      if (good.tagged) one["headers"] = object{{"ETag", object{{"schema", object{{"type", "string"}}}, {"description", "版本，可用于 If-Match 和 If-None-Match / The version, for If-Match and If-None-Match"}}}};
      if (good.status != 204) one["content"] = object{{good.type, object{{"schema", schema(good.shape)}}}};
      out[std::to_string(good.status)] = std::move(one);
    }
    if (!operation.body.empty() || !operation.query.empty()) out["400"] = problem_answer("Something breaks a rule: field says where");
    if (somebody) {
      out["401"] = problem_answer("Nobody is signed in, or there is no key");
      out["403"] = problem_answer("Whoever is signed in, or the key, may not do this");
    }
    if (!operation.path.empty()) out["404"] = problem_answer("There is no such thing");
    out["default"] = problem_answer("Something else is wrong: code says what");
    return out;
  }

  object paths_;
  object schemas_;
  std::set<std::string> ids_;
};

}  // namespace

std::string openapi_json(Router const& router) { return Document(router).text(); }

void mount_openapi(Operations& operations, Router const& router) {
  auto const document = std::make_shared<std::string>();
  operations.add({.id = "getDescription", .method = Method::get, .pattern = "/api/v1/openapi.json", .summary = {"这份说明", "This description"},
                  .who = everybody(), .good = {{.shape = shape::anything()}}},
                 [document](Call const&) { return Response{.type = "application/json", .shared = document}; });
  *document = openapi_json(router);
}

}  // namespace zhili::web
