#include "web/people/acting.hpp"

#include <boost/json.hpp>

#include "web/api/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;

organise::Target target_of(sense::places::PlaceIndex const& places, std::optional<std::int64_t> area, std::string item,
                           std::string department) {
  organise::Target out{.item = std::move(item), .department = std::move(department)};
  if (auto const* found = area ? places.area(*area) : nullptr) out.area = found->code;
  return out;
}

std::vector<respond::Actor> actors(Caller const& caller, organise::Target const& target) {
  std::vector<respond::Actor> out;
  for (auto const& standing : organise::standings(caller.grants, target)) {
    respond::Actor actor{.ref = caller.ref(), .department = standing.department};
    for (auto const& code : standing.roles)
      if (auto const role = respond::role_from(code)) actor.roles = actor.roles | *role;
    if (!actor.roles.empty()) out.push_back(std::move(actor));
  }
  return out;
}

tl::unexpected<core::Error> not_yours() {
  return core::fail(core::Errc::forbidden, "case.not_yours",
                    {"您的岗位不管这个区域或事项。「谁可以办」里能查到谁管。",
                     "None of your posts is for this area or item. \"Who may do this\" tells whose it is."});
}

array steps_json(std::vector<respond::NextStep> const& steps) {
  array out;
  for (auto const& step : steps) {
    array asks;
    for (auto const& ask : step.asks)
      asks.push_back(object{{"field", ask.field}, {"required", ask.required}, {"choices", array(ask.choices.begin(), ask.choices.end())}});
    out.push_back(object{{"verb", respond::name(step.verb)},
                         {"name", to_json(respond::title(step.verb))},
                         {"allowed", !step.obstacle},
                         {"asks", std::move(asks)},
                         {"why_not", step.obstacle ? value(to_json(step.obstacle->text)) : value(nullptr)}});
  }
  return out;
}

std::vector<respond::Photo> photos_in(Body& body) {
  std::vector<respond::Photo> out;
  for (auto const& one : body.list("photos")) {
    auto const* object = one.if_object();
    auto const text = [&](char const* key) {
      auto const* found = object ? object->if_contains(key) : nullptr;
      return found && found->is_string() ? std::string(found->as_string()) : std::string();
    };
    out.push_back({text("name"), text("shows")});
  }
  return out;
}

}  // namespace zhili::web
