#include "catalogue/same_thing_reader.hpp"

#include <fmt/format.h>

#include "catalogue/values.hpp"

namespace zhili::catalogue {

namespace {

std::int32_t weight(Node const* weights, char const* part) {
  Node const* const found = weights != nullptr ? weights->get(part) : nullptr;
  return found != nullptr ? read_count(*found).value_or(0) : 0;
}

/// `{within, for}`; the finding for a distance that is too large is at its place.
std::optional<SameThing> limits(Node const& node, Report& report) {
  Node const* const within = node.get("within");
  Node const* const span = node.get("for");
  auto const metres = within != nullptr ? read_metres(*within, report) : std::nullopt;
  auto const time = span != nullptr ? read_span(*span, report) : std::nullopt;
  if (!metres || !time) return std::nullopt;
  if (*metres > same_thing_within_m_max) {
    report.at(*within, "pack.same_thing.within",
              {fmt::format("同一件事的范围最多 {} 米", same_thing_within_m_max),
               fmt::format("reports of the same thing are at most {} m apart", same_thing_within_m_max)},
              {"写小一些", "write less"});
    return std::nullopt;
  }
  return SameThing{.within_m = *metres, .within_time = *time};
}

std::optional<JoinRule> join_rule(Node const& node, SameThing const& within, Report& report) {
  auto const own = limits(node, report);
  Node const* const score = node.get("score");
  auto const percent = score != nullptr ? read_count(*score) : std::nullopt;
  if (!own || !percent) return std::nullopt;
  if (own->within_m > within.within_m || own->within_time > within.within_time) {
    report.at(node, "pack.same_thing.join",
              {"自动合并的范围不能大于 same_thing 本身的范围", "what joins by itself must be no farther apart than same_thing itself allows"},
              {"把 join 的 within 和 for 写小", "make within and for of join smaller"});
    return std::nullopt;
  }
  return JoinRule{own->within_m, own->within_time, *percent};
}

}  // namespace

SameThingDefaults read_same_thing_defaults(Node const& node, Report& report) {
  Node const* const weights = node.get("weights");
  SameThingDefaults out{{weight(weights, "place"), weight(weights, "time"), weight(weights, "item"), weight(weights, "asset"),
                         weight(weights, "text")}, {}, {}, {}};
  auto const of = [&](char const* kind) {
    Node const* const found = node.get(kind);
    return found != nullptr && found->is_map() ? limits(*found, report) : std::nullopt;
  };
  out.event = of("event");
  out.component = of("component");
  out.service = of("service");
  for (auto* one : {&out.event, &out.component, &out.service})
    if (*one) (*one)->weights = out.weights;
  return out;
}

std::optional<SameThing> same_thing_of(Node const* node, Kind kind, std::optional<SameThingDefaults> const& defaults, Report& report) {
  if (node == nullptr || !node->is_map()) {
    if (!defaults) return std::nullopt;
    return kind == Kind::event ? defaults->event : kind == Kind::component ? defaults->component : defaults->service;
  }
  auto out = limits(*node, report);
  if (!out) return std::nullopt;
  if (defaults) out->weights = defaults->weights;
  if (Node const* const kin = node->get("kin"); kin != nullptr && kin->is_list())
    for (auto const& one : kin->children)
      if (one.is_scalar()) out->kin.push_back(one.text);
  if (Node const* const join = node->get("join"); join != nullptr && join->is_map()) out->join = join_rule(*join, *out, report);
  return out;
}

}  // namespace zhili::catalogue
