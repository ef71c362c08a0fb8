#include "web/operation/operation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "web/form.hpp"

namespace zhili::web {

Who everybody() { return Who(Who::Kind::everybody); }
Who signed_in() { return Who(Who::Kind::signed_in); }
Who signed_in_for_the_first_time() { return Who(Who::Kind::one_time); }
Who signed_in_within(Who::Within within) { return Who(Who::Kind::signed_in, {}, within); }
Who proved(Who who) {
  who.proved = true;
  return who;
}
Who with_any_key() { return Who(Who::Kind::key); }
Who with_device_token() { return Who(Who::Kind::device); }
Who with_key(organise::Scope scope) {
  auto out = with_any_key();
  out.scope = scope;
  return out;
}
Who with_role(std::string_view role) { return Who(Who::Kind::signed_in, {std::string(role)}); }

Who with_role_everywhere(std::string_view role) {
  auto out = with_role(role);
  out.everywhere = true;
  return out;
}

Caller const& Call::caller() const {
  if (!somebody) throw std::logic_error("a handler asks who is signed in, but its operation is not for them");
  return *somebody;
}

organise::ApiKey const& Call::key() const {
  if (!program) throw std::logic_error("a handler asks for a key, but its operation is not for keys");
  return *program;
}

void add_next_link(Response& response, Request const& request, std::string_view cursor) {
  auto query = "?cursor=" + percent_encode(cursor);
  for (auto const& [name, value] : request.query)
    if (name != "cursor" && !value.empty()) query += "&" + percent_encode(name) + "=" + percent_encode(value);
  response.headers.add("Link", "<" + request.path + query + ">; rel=\"next\"");
}

Response private_json(std::string text, int status) {
  auto out = Response::json(std::move(text), status);
  out.headers.add("Cache-Control", "private, no-store");
  return out;
}

namespace {

std::vector<std::string> names_in(std::string_view pattern) {
  std::vector<std::string> out;
  for (auto open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1))
    out.emplace_back(pattern.substr(open + 1, pattern.find('}', open) - open - 1));
  return out;
}

void check_names(Operation const& operation) {
  std::vector<std::string> described;
  for (auto const& field : operation.path) described.push_back(field.name);
  if (described != names_in(operation.pattern)) throw std::logic_error("the path of " + operation.id + " is not what it describes");
}

/// A key that would do nothing is refused: its sender counts on it.
core::Result<Once> once_of(Operation const& operation, Request const& request, std::string_view who) {
  if (!operation.once && request.headers.has(once_header))
    return core::fail(core::Errc::invalid, "once.not_here", {fmt::format("这里不用 {}。", once_header), fmt::format("{} has no use here.", once_header)}, std::string(once_header));
  return operation.once ? Once::of(request, who, operation.id) : Once();
}

core::Result<Call> admit(Operation const& operation, Gate const* gate, Request const& request) {
  std::optional<Caller> somebody;
  std::optional<organise::ApiKey> program;
  auto const& who = operation.who;
  bool const asks_here = who.kind != Who::Kind::everybody && who.kind != Who::Kind::device;
  if (asks_here && !gate) throw std::logic_error(operation.id + " asks who calls, and nothing here can tell");
  if (who.kind == Who::Kind::key) {
    ZHILI_TRY(program, who.scope ? gate->key(request, *who.scope) : gate->key(request));
  } else if (asks_here) {
    ZHILI_TRY(somebody, gate->admit(request, who.kind == Who::Kind::one_time, who.roles, who.everywhere));
    if (who.proved) ZHILI_CHECK(gate->need_proof(*somebody));
  }
  ZHILI_TRY(auto path, path_input(request, operation.path));
  ZHILI_TRY(auto query, query_input(request, operation.query));
  ZHILI_TRY(auto body, body_input(request, operation.body, operation.body_format));
  ZHILI_TRY(auto headers, header_input(request, operation.headers));
  ZHILI_TRY(auto once, once_of(operation, request, somebody ? somebody->ref() : program ? program->ref() : std::string()));
  return Call{request, std::move(path), std::move(query), std::move(body), std::move(headers), std::move(once), std::move(somebody), std::move(program)};
}

Response finished(Operation const& operation, core::Result<Response> made) {
  auto out = made ? std::move(*made) : Response::problem(made.error());
  if (operation.who.kind != Who::Kind::everybody && !out.headers.has("Cache-Control")) out.headers.add("Cache-Control", "private, no-store");
  return out;
}

RouteOptions options_of(std::shared_ptr<Operation const> const& operation) {
  auto out = operation->options;
  out.operation = operation;
  return out;
}

}  // namespace

void Operations::add(Operation operation, Handle handle) {
  check_names(operation);
  auto const described = std::make_shared<Operation const>(std::move(operation));
  router_.on(described->method, described->pattern,
             [described, gate = gate_, handle = std::move(handle)](Request const& request) {
               auto const call = admit(*described, gate.get(), request);
               return finished(*described, call ? handle(*call) : core::fail(call.error()));
             },
             options_of(described));
}

void Operations::add_later(Operation operation, HandleLater handle) {
  check_names(operation);
  auto const described = std::make_shared<Operation const>(std::move(operation));
  router_.on_later(described->method, described->pattern,
                   [described, gate = gate_, handle = std::move(handle)](Request const& request, Responder respond) {
                     auto const call = admit(*described, gate.get(), request);
                     if (!call) return respond(finished(*described, core::fail(call.error())));
                     handle(*call, Responder([described, respond](Response out) { respond(finished(*described, std::move(out))); }));
                   },
                   options_of(described));
}

}  // namespace zhili::web
