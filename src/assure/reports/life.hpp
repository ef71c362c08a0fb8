#pragma once
// The life of a report: drafted, commented, approved by somebody else, published or sent, withdrawn. Pure.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/event_kind.hpp"
#include "core/result.hpp"

namespace zhili::assure::reports {

/// Numbers are stored: never change one.
enum class State : std::uint8_t { none = 0, draft = 1, approved = 2, published = 3, withdrawn = 4 };
std::string_view name(State state);  ///< "draft"

enum class Verb : std::uint8_t { draft, redraft, comment, approve, send_back, publish, send, withdraw };
std::string_view name(Verb verb);  ///< "send_back"
/// Errors: invalid.
core::Result<Verb> verb_from(std::string_view name);
core::Text title(Verb verb);

/// Roles of packs, as posts have them.
inline constexpr std::string_view editor_role = "report_editor";
inline constexpr std::string_view approver_role = "report_approver";

struct Who {
  std::string ref;  ///< "staff:dora", "system"
  bool editor = false;
  bool approver = false;
};

/// A report as its entries tell it.
struct Life {
  State state = State::none;
  std::int64_t version = 0;
  std::set<std::string> authors;  ///< whoever drafted or wrote; whoever judges is none of them
  std::string reason = {};        ///< of the last sending back or withdrawal
};

/// What an entry holds for the life.
struct Step {
  core::EventKind kind{};
  std::string actor;
  std::int64_t version = 0;
  std::string reason = {};
};

Life apply(Life life, Step const& step);

inline constexpr std::size_t reason_bytes_max = 1'500;

/// The entry that this verb makes, if this person may do it now. `expected`: the version that they saw; `reason` for
/// sending back and withdrawing. Errors: conflict (the state does not allow it; a version that is not the last), forbidden
/// (the role; an author who would approve), invalid (no reason), limit.
core::Result<Step> decide(Life const& life, Verb verb, Who const& who, std::int64_t expected, std::string reason = {});

/// What somebody may do next, for buttons.
std::vector<Verb> next(Life const& life, Who const& who);

}  // namespace zhili::assure::reports
