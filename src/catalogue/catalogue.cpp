#include "catalogue/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "catalogue/search.hpp"

namespace zhili::catalogue {
namespace {

std::string key_of(std::string_view pack, std::string_view version, std::string_view code) {
  return fmt::format("{}@{}/{}", pack, version, code);
}

constexpr int max_map_hops = 32;

}  // namespace

struct Catalogue::Inside {
  std::vector<Pack> in_force;
  std::vector<Pack> older;
  std::vector<Pack const*> packs;
  std::vector<Item const*> items;
  std::vector<Function const*> functions;
  std::vector<AreaLevel> levels;
  std::vector<ReportTemplate const*> reports;
  std::vector<Indicator const*> indicators;
  std::vector<Score const*> scores;
  std::unordered_map<std::string, Item const*> by_code;
  std::unordered_map<std::string, Item const*> by_ref;
  struct Step {
    CodeMap const* map = nullptr;
    Pack const* by = nullptr;  ///< the pack that maps; the new code is one of its own or of what it needs
  };
  std::unordered_map<std::string, Step> maps;
  std::vector<ObservedPropertyDef const*> properties;
  std::vector<DeviceType const*> device_types;
  std::vector<Dashboard const*> dashboards;
  std::vector<RuleSource const*> rules;
  std::unordered_map<std::string_view, ObservedPropertyDef const*> property_by_id;
  std::unordered_map<std::string_view, DeviceType const*> type_by_id;
  std::unique_ptr<Search const> search;

  core::Result<> build() {
    for (auto const& pack : in_force) {
      packs.push_back(&pack);
      ZHILI_CHECK(take(pack));
      for (auto const& function : pack.functions) functions.push_back(&function);
      for (auto const& report : pack.reports) add(report);
      if (!pack.area_levels.empty()) levels = pack.area_levels;
    }
    for (auto const* all : {&older, &in_force}) {  // a newer pack's map goes before an older one's
      for (auto const& pack : *all) {
        for (auto const& item : pack.items) by_ref[key_of(item.pack, item.pack_version, item.code)] = &item;
        for (auto const& map : pack.maps) {
          maps[key_of(map.from.pack, map.from.version, map.from.code)] = {&map, &pack};
          maps[key_of(map.from.pack, "", map.from.code)] = {&map, &pack};
        }
      }
    }
    for (auto const& [code, item] : by_code) items.push_back(item);
    std::sort(items.begin(), items.end(), [](Item const* a, Item const* b) {
      return std::tie(a->kind, a->group.code, a->code) < std::tie(b->kind, b->group.code, b->code);
    });
    search = std::make_unique<Search>(items);
    return {};
  }

  /// A pack that stands on others may write a template of its own over theirs.
  void add(ReportTemplate const& report) {
    auto const known = std::ranges::find(reports, report.code, &ReportTemplate::code);
    if (known == reports.end()) reports.push_back(&report);
    else *known = &report;
  }

  /// The item in force that has the code of `ref` and comes from the same pack, itself or filled in by a
  /// lower level.
  Item const* still_in_force(ItemRef const& ref) const {
    auto const found = by_code.find(ref.code);
    if (found == by_code.end()) return nullptr;
    Item const& item = *found->second;
    return item.pack == ref.pack || item.extends_item == ref.pack + "/" + ref.code ? &item : nullptr;
  }

  /// The map from exactly that version; for a code that is gone, also one from a later version that still had
  /// it.
  Step const* step(ItemRef const& ref) const {
    auto found = maps.find(key_of(ref.pack, ref.version, ref.code));
    if (found == maps.end() && still_in_force(ref) == nullptr)
      found = maps.find(key_of(ref.pack, "", ref.code));
    return found == maps.end() ? nullptr : &found->second;
  }

  template <class Thing>
  static core::Result<> is_new(std::vector<Thing const*> const& known, std::string const& code, Pack const& pack) {
    if (std::ranges::find(known, code, &Thing::code) == known.end()) return {};
    return core::fail(core::Errc::conflict, "catalogue.indicator.twice",
                      {fmt::format("包 {} 的“{}”，另一个生效的包里已有", pack.pack, code),
                       fmt::format("“{}” of the pack {} is already in another pack in force", code, pack.pack)},
                      code);
  }

  static tl::unexpected<core::Error> id_twice(std::string const& id, std::string const& one, std::string const& other) {
    return core::fail(core::Errc::conflict, "catalogue.id.twice",
                      {fmt::format("“{}”在包 {} 和 {} 里都有", id, one, other), fmt::format("“{}” is in the packs {} and {}", id, one, other)}, id);
  }

  core::Result<> take_devices(Pack const& pack) {
    for (auto const& one : pack.properties) {
      if (auto const [known, is_new] = property_by_id.try_emplace(one.id, &one); !is_new) return id_twice(one.id, known->second->pack, pack.pack);
      properties.push_back(&one);
    }
    for (auto const& one : pack.device_types) {
      if (auto const [known, is_new] = type_by_id.try_emplace(one.id, &one); !is_new) return id_twice(one.id, known->second->pack, pack.pack);
      device_types.push_back(&one);
    }
    for (auto const& one : pack.rules) {
      auto const known = std::ranges::find(rules, one.id, &RuleSource::id);
      if (known != rules.end()) return id_twice(one.id, (*known)->pack, pack.pack);
      rules.push_back(&one);
    }
    for (auto const& one : pack.dashboards) {
      auto const known = std::ranges::find(dashboards, one.id, &Dashboard::id);
      if (known != dashboards.end()) return id_twice(one.id, (*known)->pack, pack.pack);
      dashboards.push_back(&one);
    }
    return {};
  }

  core::Result<> take(Pack const& pack) {
    auto const same = [&](Pack const& one) { return one.pack == pack.pack; };
    if (std::count_if(in_force.begin(), in_force.end(), same) > 1) {
      return core::fail(core::Errc::conflict, "catalogue.pack.twice",
                        {fmt::format("包 {} 同时有两个版本生效", pack.pack),
                         fmt::format("two versions of the pack {} are in force", pack.pack)},
                        pack.pack);
    }
    for (auto const& [need, version] : pack.needs) {
      auto const fits = [&, n = need, v = version](Pack const& one) {
        return one.pack == n && (v.empty() || one.version == v);
      };
      if (std::any_of(in_force.begin(), in_force.end(), fits)) continue;
      return core::fail(core::Errc::not_found, "catalogue.needs",
                        {fmt::format("包 {} 依赖的 {} 没有装入", pack.pack, need),
                         fmt::format("the pack {} needs {}, which is not loaded", pack.pack, need)},
                        pack.pack);
    }
    for (auto const& indicator : pack.indicators) {
      ZHILI_CHECK(is_new(indicators, indicator.code, pack));
      indicators.push_back(&indicator);
    }
    for (auto const& score : pack.scores) {
      ZHILI_CHECK(is_new(scores, score.code, pack));
      scores.push_back(&score);
    }
    ZHILI_CHECK(take_devices(pack));
    for (auto const& item : pack.items) {
      auto& place = by_code[item.code];
      if (place != nullptr && item.extends_item != place->pack + "/" + item.code) {
        return core::fail(
            core::Errc::conflict, "catalogue.code.twice",
            {fmt::format("编码 {} 在包 {} 和 {} 里都有", item.code, place->pack, pack.pack),
             fmt::format("the code {} is in the packs {} and {}", item.code, place->pack, pack.pack)},
            item.code);
      }
      place = &item;
    }
    return {};
  }
};

Catalogue::Catalogue(std::unique_ptr<Inside const> inside) : inside_(std::move(inside)) {}
Catalogue::~Catalogue() = default;

core::Result<std::shared_ptr<Catalogue const>> Catalogue::make(std::vector<Pack> in_force,
                                                               std::vector<Pack> older) {
  auto inside = std::make_unique<Inside>();
  inside->in_force = std::move(in_force);
  inside->older = std::move(older);
  ZHILI_CHECK(inside->build());
  return std::shared_ptr<Catalogue const>(new Catalogue(std::move(inside)));
}

Item const* Catalogue::find(std::string_view code) const {
  auto const found = inside_->by_code.find(std::string(code));
  return found == inside_->by_code.end() ? nullptr : found->second;
}

Item const* Catalogue::find(ItemRef const& ref) const {
  auto const found = inside_->by_ref.find(key_of(ref.pack, ref.version, ref.code));
  return found == inside_->by_ref.end() ? nullptr : found->second;
}

std::vector<Item const*> const& Catalogue::items() const {
  return inside_->items;
}

std::optional<Current> Catalogue::current(ItemRef const& ref, std::string_view condition) const {
  ItemRef at = ref;
  std::string wanted(condition);
  for (int hop = 0; hop < max_map_hops; ++hop) {
    auto const* const step = inside_->step(at);
    if (step == nullptr) break;
    wanted = step->map->to_condition;
    ItemRef const next{step->map->to_code, step->by->pack, step->by->version};
    Item const* const item = find(next) != nullptr ? find(next) : find(next.code);
    if (item == nullptr || item->ref() == at) return std::nullopt;
    at = item->ref();
  }
  Item const* const item = inside_->still_in_force(at);
  if (item == nullptr) return std::nullopt;
  return Current{item, wanted.empty() ? nullptr : item->condition(wanted)};
}

std::string Catalogue::counted_code(ItemRef const& ref) const {
  if (!ref.pack.empty()) {
    auto const now = current(ref);
    return now ? now->item->code : ref.code;
  }
  if (find(ref.code) != nullptr) return ref.code;
  for (auto const* pack : packs())
    if (auto const now = current({ref.code, pack->pack, ""})) return now->item->code;
  return ref.code;
}

std::vector<Hit> Catalogue::search(std::string_view query, SearchOptions const& options) const {
  return inside_->search->find(query, options);
}

std::vector<Pack const*> const& Catalogue::packs() const {
  return inside_->packs;
}
std::vector<Function const*> const& Catalogue::functions() const {
  return inside_->functions;
}
std::vector<AreaLevel> const& Catalogue::area_levels() const {
  return inside_->levels;
}
std::vector<ReportTemplate const*> const& Catalogue::reports() const {
  return inside_->reports;
}

ReportTemplate const* Catalogue::report(std::string_view code) const {
  auto const found = std::ranges::find(inside_->reports, code, &ReportTemplate::code);
  return found == inside_->reports.end() ? nullptr : *found;
}

std::vector<Indicator const*> const& Catalogue::indicators() const { return inside_->indicators; }
std::vector<Score const*> const& Catalogue::scores() const { return inside_->scores; }

std::vector<ObservedPropertyDef const*> const& Catalogue::properties() const { return inside_->properties; }
std::vector<DeviceType const*> const& Catalogue::device_types() const { return inside_->device_types; }
std::vector<Dashboard const*> const& Catalogue::dashboards() const { return inside_->dashboards; }
std::vector<RuleSource const*> const& Catalogue::rule_sources() const { return inside_->rules; }

ObservedPropertyDef const* Catalogue::property(std::string_view id) const {
  auto const found = inside_->property_by_id.find(id);
  return found == inside_->property_by_id.end() ? nullptr : found->second;
}
DeviceType const* Catalogue::device_type(std::string_view id) const {
  auto const found = inside_->type_by_id.find(id);
  return found == inside_->type_by_id.end() ? nullptr : found->second;
}

Indicator const* Catalogue::indicator(std::string_view code) const {
  auto const found = std::ranges::find(inside_->indicators, code, &Indicator::code);
  return found == inside_->indicators.end() ? nullptr : *found;
}
Score const* Catalogue::score(std::string_view code) const {
  auto const found = std::ranges::find(inside_->scores, code, &Score::code);
  return found == inside_->scores.end() ? nullptr : *found;
}

Role const* Catalogue::role(std::string_view code) const {
  for (auto const& pack : inside_->in_force) {
    for (auto const& role : pack.roles) {
      if (role.code == code) return &role;
    }
  }
  return nullptr;
}

Function const* Catalogue::function(std::string_view code) const {
  for (auto const* function : inside_->functions) {
    if (function->code == code) return function;
  }
  return nullptr;
}

CalendarEntry const* Catalogue::calendar(std::string_view code) const {
  for (auto const& pack : inside_->in_force) {
    for (auto const& calendar : pack.calendars) {
      if (calendar.code == code) return &calendar;
    }
  }
  return nullptr;
}

Text name_of(Item const* item, std::string_view code) {
  return item != nullptr ? item->name : Text{std::string(code), std::string(code)};
}

}  // namespace zhili::catalogue
