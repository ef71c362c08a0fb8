#pragma once
// A route of /api/v1 and its description. The description is what checks a request, who may send it, and what openapi.json says.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "web/http.hpp"
#include "web/operation/input.hpp"
#include "web/operation/once.hpp"
#include "web/people/gate.hpp"

namespace zhili::web {

/// Who may send a request. There is no default: a route cannot forget to say it.
struct Who {
  enum class Kind : std::uint8_t {
    everybody,
    one_time,  ///< whoever is signed in, even with a one-time password that is still to be changed
    signed_in,
    key,    ///< another program, by its key
    device  ///< a device, by its token: the handler asks for it, since a token says which device it is
  };
  /// What the handler asks besides: a post of the caller must be for the area and item of this.
  enum class Within : std::uint8_t { anything, its_case, its_signal };

  Kind kind;
  std::vector<std::string> roles = {};  ///< one of these, in whichever area; empty: any
  bool everywhere = false;              ///< such a role by a post that is narrowed neither to areas nor to items
  Within within = Within::anything;
  bool proved = false;  ///< and they proved who they are a short while ago
  std::optional<organise::Scope> scope = {};  ///< of a key: what it must be good for; nothing: any key that is good

  explicit Who(Kind k, std::vector<std::string> r = {}, Within w = Within::anything) : kind(k), roles(std::move(r)), within(w) {}
};

Who everybody();
Who signed_in();
Who signed_in_for_the_first_time();
/// Whose post is for the case, or the report, that the path names.
Who signed_in_within(Who::Within within);
Who with_role(std::string_view role);
/// For what is nobody's area: accounts, keys, rules of the installation.
Who with_role_everywhere(std::string_view role);
/// For what gives power or takes it: besides, a password or a passkey within organise::proof_fresh.
Who proved(Who who);
Who with_any_key();
Who with_device_token();
Who with_key(organise::Scope scope);

/// An answer when all is well. What goes wrong is always problem+json.
struct Good {
  int status = 200;
  Shape shape = {};                          ///< of a 204: nothing
  std::string type = "application/json";
  bool tagged = false;  ///< it has an ETag
};

struct Operation {
  std::string id;  ///< unique, for those who make a client from the document: "makeAccount"
  Method method;
  std::string pattern;  ///< see Router
  core::Text summary;
  Who who;
  std::vector<Field> path = {};  ///< all that stands in braces in the pattern
  std::vector<Field> query = {};
  std::vector<Field> body = {};
  BodyFormat body_format = BodyFormat::json;
  std::vector<Field> headers = {};
  bool once = false;  ///< it takes an Idempotency-Key: the handler does its work in Call::once
  std::vector<Good> good = {};
  RouteOptions options = {};
};

/// A request that its operation lets through.
struct Call {
  Request const& request;
  Input path;
  Input query;
  Input body;
  Input headers;
  Once once;
  std::optional<Caller> somebody = {};
  std::optional<organise::ApiKey> program = {};

  /// Who is signed in. Throws std::logic_error in an operation for everybody, or for keys.
  Caller const& caller() const;
  /// The key that came along. Throws std::logic_error in an operation that is not for keys.
  organise::ApiKey const& key() const;
};

/// Runs on a worker; an error becomes problem+json.
using Handle = std::function<core::Result<Response>(Call const&)>;
/// The same, but answers when it is ready. What it still needs of the call after it returns, it copies; the request and its files live as
/// long as the Responder.
using HandleLater = std::function<void(Call const&, Responder)>;

/// Puts described routes into the table. Before a handler runs, the caller, the path, the query, the headers and the body are checked, in this order.
/// What is answered to somebody who is signed in is kept by nobody on the way.
class Operations {
 public:
  /// `gate`: who tells callers apart; null where every operation is for everybody.
  Operations(Router& router, std::shared_ptr<Gate const> gate) : router_(router), gate_(std::move(gate)) {}

  /// Throws std::logic_error if the pattern's names are not those that are described.
  void add(Operation operation, Handle handle);
  void add_later(Operation operation, HandleLater handle);

 private:
  Router& router_;
  std::shared_ptr<Gate const> gate_;
};

/// Adds `Link: <…>; rel="next"`: the same address with this cursor.
void add_next_link(Response& response, Request const& request, std::string_view cursor);

/// JSON that nobody on the way may keep.
Response private_json(std::string text, int status = 200);

}  // namespace zhili::web
