// The catalogue for programs: JSON in the form of GET /api/v1/items.

#include <boost/json.hpp>

#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

namespace json = boost::json;

json::object text(Text const& words) {
  return {{"zh", words.zh}, {"en", words.en}};
}

json::object named(Named const& one) {
  return {{"code", one.code}, {"name", text(one.name)}};
}

double units(core::Budget const& budget) {
  return static_cast<double>(budget.amount) / static_cast<double>(core::parts_of_one(budget.unit));
}

/// Whole amounts as whole numbers: 4, not 4E0.
json::value amount(core::Budget const& budget) {
  auto const parts = core::parts_of_one(budget.unit);
  if (budget.amount % parts == 0) return budget.amount / parts;
  return units(budget);
}

json::array asks(Item const& item) {
  json::array all;
  for (auto const& ask : item.asks) {
    json::array options;
    for (auto const& option : ask.options)
      options.push_back(json::object{{"key", option.code}, {"name", text(option.name)}});
    all.push_back(json::object{{"code", ask.code},
                               {"type", name(ask.type)},
                               {"label", text(ask.label)},
                               {"required", ask.required},
                               {"options", std::move(options)}});
  }
  return all;
}

json::object function(Catalogue const& catalogue, std::string const& code) {
  auto const* known = catalogue.function(code);
  return {{"code", code}, {"name", text(known ? known->name : Text{code, code})}};
}

json::array conditions(Catalogue const& catalogue, Item const& item) {
  json::array all;
  for (auto const& condition : item.conditions) {
    json::array clocks;
    for (auto const& clock : condition.clocks) {
      clocks.push_back(json::object{{"code", clock.code},
                                    {"name", text(clock.name)},
                                    {"amount", amount(clock.budget)},
                                    {"unit", core::name(clock.budget.unit)}});
    }
    all.push_back(json::object{{"code", condition.code},
                               {"when", text(condition.when)},
                               {"closed_when", text(condition.closed_when)},
                               {"function", function(catalogue, condition.duty.function)},
                               {"clocks", std::move(clocks)}});
  }
  return all;
}

json::array strings(std::vector<std::string> const& all) {
  json::array out;
  for (auto const& one : all) out.push_back(json::string(one));
  return out;
}

json::object item_json(Catalogue const& catalogue, Item const& item) {
  return {{"code", item.code},
          {"kind", name(item.kind)},
          {"name", text(item.name)},
          {"group", named(item.group)},
          {"words", strings(item.words)},
          {"public", item.open},
          {"asks", asks(item)},
          {"conditions", conditions(catalogue, item)},
          {"pack", item.pack},
          {"version", item.pack_version},
          {"source", item.source}};
}

}  // namespace

std::string items_json(Catalogue const& catalogue, std::string_view query, SearchOptions const& options) {
  json::array items;
  if (query.empty()) {
    for (Item const* item : catalogue.items()) {
      if (item->open || !options.open_only) items.push_back(item_json(catalogue, *item));
    }
  } else {
    for (Hit const& hit : catalogue.search(query, options)) items.push_back(item_json(catalogue, *hit.item));
  }
  return json::serialize(json::object{{"items", std::move(items)}});
}

std::vector<std::string> without_whole_promise(Pack const& pack) {
  std::vector<std::string> out;
  for (auto const& item : pack.items)
    for (auto const& condition : item.conditions)
      if (condition.clocks_of(Phase::whole).empty()) out.push_back(item.code + "/" + condition.code);
  return out;
}

std::vector<PackLine> list(Catalogue const& catalogue) {
  std::vector<PackLine> lines;
  for (Pack const* pack : catalogue.packs()) {
    PackLine line{pack->pack, pack->version, pack->name};
    for (auto const& item : pack->items) {
      if (item.kind == Kind::event)
        ++line.events;
      else if (item.kind == Kind::component)
        ++line.components;
      else
        ++line.services;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace zhili::catalogue
