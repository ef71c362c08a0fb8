#pragma once
// Who may do what, where. Pure: nothing here asks a database. What no grant covers is denied.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::organise {

/// A person's appointment (任岗) to a post. The post says role and department; the appointment may narrow where and for
/// which items.
struct Appointment {
  std::int64_t id = 0;
  std::string person;
  std::string post;
  std::string area;                ///< prefix of area codes; empty: everywhere
  std::vector<std::string> items;  ///< prefixes of item codes; empty: all
  core::Instant from{};
  std::optional<core::Instant> until = {};
  bool operator==(Appointment const&) const = default;
};

/// A time in which somebody is away (请假), and who stands in for them (代岗), if anybody does.
struct Absence {
  std::int64_t id = 0;
  std::string person;
  std::string deputy;  ///< person; may be empty
  core::Instant from{};
  core::Instant until{};
  bool operator==(Absence const&) const = default;
};

/// What a post is: from the installation.
struct PostDuty {
  std::string post;
  std::string role;
  std::string department;
};

/// One thing that one person may be at one time. `stands_in_for` names the absent person whose appointment it is.
struct Grant {
  std::string role;
  std::string department;
  std::string post;
  std::string area;
  std::vector<std::string> items;
  std::string stands_in_for = {};
  bool operator==(Grant const&) const = default;
};

/// What somebody wants to act on. An empty area or item means that the thing has none: only a grant that is not
/// narrowed by area or item covers it.
struct Target {
  std::string area = {};
  std::string item = {};
  std::string department = {};  ///< whose case it is; empty: nobody's yet
};

/// The grants of a person at an instant: those of their own appointments, and, without passing further, those of the
/// people for whom they stand in. Somebody who is away has none.
/// `appointments` and `absences` may be those of everybody. Posts that the installation no longer has give nothing.
std::vector<Grant> grants_of(std::string_view person, core::Instant at, std::span<Appointment const> appointments,
                             std::span<Absence const> absences, std::span<PostDuty const> posts);

/// The first instant from `now` on at which absences leave nobody of `people` who holds `role` everywhere and for all items, though
/// somebody would if nobody were away.
std::optional<core::Instant> first_without(std::string_view role, core::Instant now, std::span<std::string const> people,
                                           std::span<Appointment const> appointments, std::span<Absence const> absences,
                                           std::span<PostDuty const> posts);

/// Area and item of the target lie within the grant. Cost: two comparisons of prefixes.
bool covers(Grant const& grant, Target const& target);

/// The grant by which somebody leads another directly: they hold the lead's role of a role of the other ("handler_lead" of "handler"), in the
/// same department, for all of that post's area and items; both by posts of their own, for what is between the two is not lent to
/// a deputy. Null: they do not.
Grant const* leads(std::span<Grant const> lead, std::span<Grant const> other);

/// One way in which somebody may act on a target: in the name of one department, in these roles. Nobody acts for two
/// departments at once, or a post in one would lend its role to the other.
struct Standing {
  std::string department;
  std::vector<std::string> roles;
  std::vector<Grant const*> by;  ///< one for each role, in the same order
};

/// All of them, the target's own department first, then as the grants stand.
std::vector<Standing> standings(std::span<Grant const> grants, Target const& target);

/// Why somebody may or may not: one sentence for each grant that bears on the question.
struct Verdict {
  bool allowed = false;
  std::vector<core::Text> because;
};

/// Whether any of `roles` is given for the target. The reasons name the grant that allows it; where none does, what each
/// grant of a fitting role lacks; where no grant has a fitting role, which roles would do.
Verdict judge(std::span<Grant const> grants, std::span<std::string const> roles, Target const& target);

}  // namespace zhili::organise
