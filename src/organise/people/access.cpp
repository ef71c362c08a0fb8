#include "organise/people/access.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zhili::organise {

namespace {

bool running(core::Instant from, std::optional<core::Instant> until, core::Instant at) {
  return from <= at && (!until || at < *until);
}

bool away(std::string_view person, core::Instant at, std::span<Absence const> absences) {
  return std::ranges::any_of(
      absences, [&](Absence const& a) { return a.person == person && running(a.from, a.until, at); });
}

bool begins_with_any(std::string_view code, std::vector<std::string> const& prefixes) {
  return prefixes.empty() ||
         std::ranges::any_of(prefixes, [&](auto const& prefix) { return code.starts_with(prefix); });
}

void add_grants(std::vector<Grant>& out, std::string_view person, std::string_view stands_in_for, core::Instant at,
                std::span<Appointment const> appointments, std::span<PostDuty const> posts) {
  for (auto const& a : appointments) {
    if (a.person != person || !running(a.from, a.until, at)) continue;
    auto const duty = std::ranges::find(posts, a.post, &PostDuty::post);
    if (duty == posts.end()) continue;
    out.push_back({duty->role, duty->department, a.post, a.area, a.items, std::string(stands_in_for)});
  }
}

std::string joined(std::span<std::string const> all) { return fmt::format("{}", fmt::join(all, ", ")); }

core::Text held(Grant const& grant) {
  auto zh = fmt::format("岗位 {}（角色 {}）", grant.post, grant.role);
  auto en = fmt::format("post {} (role {})", grant.post, grant.role);
  if (!grant.stands_in_for.empty()) {
    zh += fmt::format("，代 {}", grant.stands_in_for);
    en += fmt::format(", standing in for {}", grant.stands_in_for);
  }
  return {std::move(zh), std::move(en)};
}

core::Text allowed_by(Grant const& grant) {
  auto const what = held(grant);
  auto const zh_where = grant.area.empty() ? std::string("全部区域") : "区域 " + grant.area;
  auto const en_where = grant.area.empty() ? std::string("every area") : "area " + grant.area;
  auto const zh_items = grant.items.empty() ? std::string("全部事项") : "事项 " + joined(grant.items);
  auto const en_items = grant.items.empty() ? std::string("all items") : "items " + joined(grant.items);
  return {fmt::format("可以：{}，{}，{}。", what.zh, zh_where, zh_items),
          fmt::format("Allowed by {}: {}, {}.", what.en, en_where, en_items)};
}

core::Text short_of(Grant const& grant, Target const& target) {
  auto const what = held(grant);
  if (!target.area.starts_with(grant.area)) {
    return {fmt::format("{} 只管区域 {}，不管 {}。", what.zh, grant.area, target.area.empty() ? "区域外" : target.area),
            fmt::format("The {} reaches area {} only, not {}.", what.en, grant.area,
                        target.area.empty() ? "a place outside of every area" : target.area)};
  }
  return {fmt::format("{} 只管事项 {}，不管 {}。", what.zh, joined(grant.items), target.item),
          fmt::format("The {} is for items {} only, not {}.", what.en, joined(grant.items), target.item)};
}

}  // namespace

std::vector<Grant> grants_of(std::string_view person, core::Instant at, std::span<Appointment const> appointments,
                             std::span<Absence const> absences, std::span<PostDuty const> posts) {
  std::vector<Grant> out;
  if (person.empty() || away(person, at, absences)) return out;
  add_grants(out, person, "", at, appointments, posts);
  for (auto const& absence : absences) {
    if (absence.deputy != person || absence.person == person || !running(absence.from, absence.until, at)) continue;
    add_grants(out, absence.person, absence.person, at, appointments, posts);
  }
  return out;
}

std::optional<core::Instant> first_without(std::string_view role, core::Instant now, std::span<std::string const> people,
                                           std::span<Appointment const> appointments, std::span<Absence const> absences,
                                           std::span<PostDuty const> posts) {
  auto const held = [&](core::Instant at, std::span<Absence const> away) {
    return std::ranges::any_of(people, [&](std::string const& person) {
      auto const grants = grants_of(person, at, appointments, away, posts);
      return std::ranges::any_of(grants, [&](Grant const& g) { return g.role == role && g.area.empty() && g.items.empty(); });
    });
  };
  // Only where an absence begins or ends can it take the role away: at its end the deputy has it no more, and another may be away.
  std::vector<core::Instant> edges{now};
  for (auto const& absence : absences)
    for (auto const edge : {absence.from, absence.until})
      if (edge > now) edges.push_back(edge);
  std::ranges::sort(edges);
  for (auto const edge : edges)
    if (held(edge, {}) && !held(edge, absences)) return edge;
  return std::nullopt;
}

bool covers(Grant const& grant, Target const& target) {
  return target.area.starts_with(grant.area) && begins_with_any(target.item, grant.items);
}

Grant const* leads(std::span<Grant const> lead, std::span<Grant const> other) {
  auto const reaches = [](Grant const& above, Grant const& post) {
    return above.stands_in_for.empty() && post.stands_in_for.empty() && above.role == post.role + "_lead" && above.department == post.department &&
           post.area.starts_with(above.area) &&
           (above.items.empty() || (!post.items.empty() && std::ranges::all_of(post.items, [&](auto const& item) { return begins_with_any(item, above.items); })));
  };
  for (auto const& above : lead)
    if (std::ranges::any_of(other, [&](Grant const& post) { return reaches(above, post); })) return &above;
  return nullptr;
}

std::vector<Standing> standings(std::span<Grant const> grants, Target const& target) {
  std::vector<Standing> out;
  for (auto const& grant : grants) {
    if (!covers(grant, target)) continue;
    auto at = std::ranges::find(out, grant.department, &Standing::department);
    if (at == out.end()) at = out.insert(out.end(), Standing{grant.department, {}, {}});
    if (std::ranges::find(at->roles, grant.role) != at->roles.end()) continue;
    at->roles.push_back(grant.role);
    at->by.push_back(&grant);
  }
  std::ranges::stable_partition(out, [&](auto const& s) { return s.department == target.department; });
  return out;
}

Verdict judge(std::span<Grant const> grants, std::span<std::string const> roles, Target const& target) {
  Verdict out;
  std::vector<core::Text> lacking;
  for (auto const& grant : grants) {
    if (std::ranges::find(roles, grant.role) == roles.end()) continue;
    if (covers(grant, target)) {
      out.allowed = true;
      out.because.push_back(allowed_by(grant));
    } else {
      lacking.push_back(short_of(grant, target));
    }
  }
  if (out.allowed) return out;
  out.because = std::move(lacking);
  if (out.because.empty()) {
    out.because.push_back({fmt::format("没有所需的角色：{}。", joined(roles)),
                           fmt::format("None of the roles that may do this is held: {}.", joined(roles))});
  }
  return out;
}

}  // namespace zhili::organise
