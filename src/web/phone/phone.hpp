#pragma once
// The interface of the phone desk (12345): calls, call-backs, and the rates that come from them.

#include <boost/json/fwd.hpp>
#include <functional>
#include <string>

#include "organise/calls/call_back_desk.hpp"
#include "organise/calls/call_desk.hpp"
#include "web/operation/operation.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

// Roles of the phone desk, as packs/base names them.
inline constexpr std::string_view call_taker_role = "call_taker";    ///< 接线员
inline constexpr std::string_view caller_back_role = "caller_back";  ///< 回访员

inline constexpr std::size_t hotline_file_sent_bytes_max = 32 * 1024 * 1024;  ///< of work orders

/// Replies to a hotline, in its own form.
struct HotlineAnswer {
  std::string text;
  bool json = false;  ///< else CSV
  std::int64_t next = 0;
  bool more = false;
};

/// How work orders of other hotlines come in and replies go out; what the routes need of whoever reads their files.
struct HotlineDoor {
  /// Takes a file; gives {taken, known, rejected, rejects: [{line, field, why}]}.
  std::function<core::Result<boost::json::object>(std::string_view hotline, std::string_view file)> take;
  std::function<core::Result<HotlineAnswer>(std::string_view hotline, std::int64_t after)> replies;
};

/// What the routes work on. Everything outlives the server.
struct PhoneParts {
  PeopleParts people = {};
  organise::CallDesk* calls = nullptr;
  organise::CallBackDesk* call_backs = nullptr;
  organise::CallRules const* rules = nullptr;
  HotlineDoor hotline = {};
};

void mount_phone(Operations& operations, PhoneParts const& parts);

void mount_calls(Operations& operations, PhoneParts const& parts);       ///< from ring to report
void mount_known(Operations& operations, PhoneParts const& parts);       ///< what is known near a place; places by name
void mount_call_backs(Operations& operations, PhoneParts const& parts);  ///< who is to be called back, and what came of it
void mount_rates(Operations& operations, PhoneParts const& parts);       ///< 三率, their lists, and exclusions

/// Call-backs that are due, as a group of the inbox of those who call back.
MoreWaiting call_backs_waiting(PhoneParts const& parts);

void mount_hotline(Operations& operations, PhoneParts const& parts);     ///< work orders of other hotlines, and replies

/// In which post somebody holds a role that let them in.
organise::CallTaker at_desk(Caller const& caller, std::string_view role);
/// Whether any post of somebody is in that department: they do not judge its work, whichever post they use for it.
bool belongs_to(Caller const& caller, std::string_view department);
/// `{id}` of a path.
Field id_field(core::Text meaning);
inline std::int64_t id_in(Call const& call) { return call.path.integer("id").value_or(0); }

/// The item with its name.
boost::json::object item_json(std::string const& code, PhoneParts const& parts);
/// A department's code and name; null where there is none.
boost::json::value department_json(std::string const& code, PhoneParts const& parts);
/// The public number of a case; empty if there is none.
std::string number_of_case(store::Reader& reader, std::int64_t case_id, PhoneParts const& parts);

/// As it is answered.
core::Result<Response> answered(core::Result<boost::json::object> const& done, int status = 200);

}  // namespace zhili::web
