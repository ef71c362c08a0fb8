#include "catalogue/device_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "catalogue/schema.hpp"
#include "catalogue/values.hpp"

namespace zhili::catalogue {

namespace {

constexpr int silent_intervals = 3;  ///< missed readings after which a device is at fault where its pack says nothing

/// Visits the entries of a map as visit(key, value).
template <class Visit>
void each_entry(Node const* map, Visit visit) {
  if (map == nullptr || !map->is_map()) return;
  for (std::size_t i = 0; i < map->keys.size() && i < map->children.size(); ++i) visit(map->keys[i], map->children[i]);
}

std::vector<Node const*> scalars_of(Node const* list) {
  std::vector<Node const*> out;
  if (list == nullptr || !list->is_list()) return out;
  for (auto const& one : list->children)
    if (one.is_scalar()) out.push_back(&one);
  return out;
}

std::vector<Word> words_of(Node const* map) {
  std::vector<Word> out;
  each_entry(map, [&](Node const& key, Node const& node) { out.push_back({key.text, read_text(&node)}); });
  return out;
}

ValueKind kind_of(std::string_view word) {
  for (auto const kind : {ValueKind::boolean, ValueKind::count, ValueKind::text})
    if (name(kind) == word) return kind;
  return ValueKind::number;
}

std::optional<double> number_of(Node const* node) {
  if (node == nullptr || !node->is_scalar() || node->quoted) return std::nullopt;
  double out = 0;
  char const* const begin = node->text.data() + (node->text.starts_with('+') ? 1 : 0);
  auto const [stop, error] = std::from_chars(begin, node->text.data() + node->text.size(), out);
  if (error != std::errc{} || stop != node->text.data() + node->text.size() || !std::isfinite(out)) return std::nullopt;
  return out;
}

/// A unit, or a finding and nothing.
std::optional<core::UcumUnit> read_unit_code(Node const& node, Report& report) {
  if (!node.is_scalar()) return std::nullopt;
  auto unit = core::UcumUnit::parse(node.text);
  if (unit) return std::move(*unit);
  report.at(node, "pack.unit.code", unit.error().text, {"docs/reference/units.md 里有能用的代码", "docs/reference/units.md has the codes"});
  return std::nullopt;
}

std::optional<ValueRange> read_range(Node const* node, Report& report) {
  if (node == nullptr || !node->is_list() || node->children.size() != 2) return std::nullopt;
  auto const low = number_of(&node->children[0]);
  auto const high = number_of(&node->children[1]);
  if (!low || !high) return std::nullopt;
  if (*low < *high) return ValueRange{*low, *high};
  report.at(*node, "pack.range", {fmt::format("范围 {} 到 {} 是空的", *low, *high), fmt::format("the range from {} to {} is empty", *low, *high)},
            {"先写小的，再写大的：[0, 300]", "write the smaller one first: [0, 300]"});
  return std::nullopt;
}

/// What a kind cannot have, said where it stands.
void forbid(Node const& node, char const* key, ValueKind kind, Report& report) {
  if (node.get(key) == nullptr) return;
  report.at(*node.get(key), "pack.kind", {fmt::format("{} 类的值没有 {}", name(kind), key), fmt::format("a value of the kind {} has no {}", name(kind), key)},
            {fmt::format("删去 {}，或改 kind", key), fmt::format("remove {}, or change kind", key)});
}

core::Duration period_or(Node const* node, core::Duration otherwise, Report& report) {
  if (node == nullptr) return otherwise;
  return read_period(*node, report).value_or(otherwise);
}

}  // namespace

template <class Known>
void DeviceReader::none(Node const& at, char const* key, core::Text const& what, Known const& known) {
  std::vector<std::string> const codes(known.begin(), known.end());
  auto const near = nearest(at.text, codes);
  report_.at(at, key, {fmt::format("没有{}“{}”", what.zh, at.text), fmt::format("there is no {} “{}”", what.en, at.text)},
             near.empty() ? core::Text{"写本包或所依赖的包里有的", "name one of this pack or of a pack that it needs"}
                          : core::Text{fmt::format("是不是 {}？", near), fmt::format("did you mean {}?", near)});
}

void DeviceReader::read(std::vector<Node> const& files) {
  auto const section = [&](char const* name, auto visit) {
    for (auto const& file : files)
      each_entry(file.get(name), [&](Node const& key, Node const& node) {
        if (node.is_map() && sections_.is_first(name, key)) visit(key, node);
      });
  };
  section("properties", [&](Node const& key, Node const& node) { property(key, node); });
  section("things", [&](Node const& key, Node const& node) { type(key, node); });
  section("rules", [&](Node const& key, Node const& node) {
    Pack const* taken = nullptr;
    for (auto const* pack : below_)
      if (std::ranges::find(pack->rules, key.text, &RuleSource::id) != pack->rules.end()) taken = pack;
    if (is_free(key, taken)) pack_.rules.push_back({key.text, key, node, pack_.pack, pack_.version});
  });
  section("dashboards", [&](Node const& key, Node const& node) { dashboard(key, node); });
}

bool DeviceReader::is_free(Node const& key, Pack const* taken_by) {
  if (taken_by == nullptr) return true;
  report_.at(key, "pack.id.taken", {fmt::format("“{}”已由包 {} 使用", key.text, taken_by->pack), fmt::format("“{}” is already used by the pack {}", key.text, taken_by->pack)},
             {"直接用那一个，或换一个名称", "use that one, or choose another name"});
  return false;
}

void DeviceReader::property(Node const& key, Node const& node) {
  ObservedPropertyDef def{.id = key.text, .name = read_text(node.get("name")), .about = read_text(node.get("about")), .definition = std::string(node.str("definition"))};
  def.kind = kind_of(node.str("kind"));
  def.of_device = node.str("of") == "device";
  def.words = words_of(node.get("words"));
  def.yes = read_text(node.get("when_true"));
  def.no = read_text(node.get("when_false"));
  def.basis = node.str("basis");
  def.pack = pack_.pack;
  Node const* const unit = node.get("unit");
  bool const known_kind = name(def.kind) == node.str("kind");  // else the schema has said so
  if (def.kind != ValueKind::number) forbid(node, "unit", def.kind, report_);
  if (def.kind != ValueKind::text && known_kind) forbid(node, "words", def.kind, report_);
  if (def.kind != ValueKind::boolean && known_kind) {
    forbid(node, "when_true", def.kind, report_);
    forbid(node, "when_false", def.kind, report_);
  }
  if (def.kind == ValueKind::number && known_kind && unit == nullptr)
    report_.at(key, "pack.property.unit", {fmt::format("观测属性 {} 没有单位", key.text), fmt::format("the observed property {} has no unit", key.text)},
               {"加上 unit；没有量纲的写 \"1\" 或 \"%\"", "add unit; for a mere ratio \"1\" or \"%\""});
  if (unit != nullptr && def.kind == ValueKind::number) {
    if (auto const ucum = read_unit_code(*unit, report_)) {
      def.ucum = *ucum;
      def.unit = unit->text;
    }
  }
  Pack const* taken = nullptr;
  for (auto const* pack : below_)
    if (std::ranges::find(pack->properties, key.text, &ObservedPropertyDef::id) != pack->properties.end()) taken = pack;
  if (is_free(key, taken)) pack_.properties.push_back(std::move(def));
}

void DeviceReader::type(Node const& key, Node const& node) {
  DeviceType type{.id = key.text, .name = read_text(node.get("name")), .about = read_text(node.get("about")), .is_private = node.str("private") == "true"};
  type.component = node.str("component");
  type.basis = node.str("basis");
  type.pack = pack_.pack;
  type.pack_version = pack_.version;
  each_entry(node.get("streams"), [&](Node const& id, Node const& body) {
    if (auto one = stream(id, body)) type.streams.push_back(std::move(*one));
  });
  each_entry(node.get("firmware"), [&](Node const& id, Node const& words) { type.firmware.push_back({id.text, read_text(&words)}); });
  each_entry(node.get("commands"), [&](Node const& id, Node const& body) { type.commands.push_back(command(id, body, type)); });
  type.sensor.description = type.about.zh.empty() ? type.name : type.about;
  if (Node const* const sensor = node.get("sensor"); sensor != nullptr) {
    type.sensor.description = read_text(sensor->get("about"));
    if (!sensor->str("encoding").empty()) type.sensor.encoding = sensor->str("encoding");
    type.sensor.metadata = sensor->str("metadata");
  }
  Pack const* taken = nullptr;
  for (auto const* pack : below_)
    if (std::ranges::find(pack->device_types, key.text, &DeviceType::id) != pack->device_types.end()) taken = pack;
  if (is_free(key, taken)) pack_.device_types.push_back(std::move(type));
}

std::optional<StreamType> DeviceReader::stream(Node const& key, Node const& node) {
  Node const* const named = node.get("property");
  if (named == nullptr || !named->is_scalar()) return std::nullopt;
  auto const* const property = property_of(named->text);
  if (property == nullptr) {
    std::vector<std::string> known;
    for (auto const& one : pack_.properties) known.push_back(one.id);
    for (auto const* pack : below_)
      for (auto const& one : pack->properties) known.push_back(one.id);
    none(*named, "pack.property.none", {"观测属性", "observed property"}, known);
    return std::nullopt;
  }
  StreamType out{.id = key.text, .name = read_text(node.get("name")), .property = property->id, .kind = property->kind, .unit = property->unit};
  if (out.name.zh.empty()) out.name = property->name;
  Node const* const unit = node.get("unit");
  if (property->kind != ValueKind::number) {
    forbid(node, "unit", property->kind, report_);
    forbid(node, "spike", property->kind, report_);
    forbid(node, "resolution", property->kind, report_);
  } else if (unit != nullptr) {
    auto const sent = read_unit_code(*unit, report_);
    auto const conversion = sent && !property->unit.empty() ? sent->conversion(property->ucum) : core::Result<core::UnitConversion>{};
    if (sent && !conversion)
      report_.at(*unit, "pack.unit.kind", conversion.error().text,
                 {fmt::format("写能换算成 {} 的单位", property->unit), fmt::format("write a unit that converts to {}", property->unit)});
    if (sent && conversion) {
      out.unit = unit->text;
      out.to_property = *conversion;
    }
  }
  if (property->kind == ValueKind::boolean || property->kind == ValueKind::text) forbid(node, "range", property->kind, report_);
  limits(key, node, out);
  lasting(node, out);
  return out;
}

void DeviceReader::limits(Node const& key, Node const& node, StreamType& stream) {
  stream.range = read_range(node.get("range"), report_);
  stream.spike = number_of(node.get("spike"));
  stream.resolution = number_of(node.get("resolution"));
  if (stream.kind == ValueKind::number && node.get("range") == nullptr)
    report_.at(key, "pack.stream.range", {fmt::format("数据流 {} 没有写可能的范围", key.text), fmt::format("the stream {} does not say what can be true", key.text)},
               {"加上 range: [最小, 最大]，超出的会被标记", "add range: [lowest, highest]; what lies outside is flagged"});
  if (!stream.range) return;
  double const width = stream.range->high - stream.range->low;
  for (auto const& [name, value] : {std::pair{"spike", stream.spike}, std::pair{"resolution", stream.resolution}})
    if (value && *value >= width)
      report_.at(*node.get(name), "pack.stream.limit", {fmt::format("{} 比整个范围还大，永远不会起作用", name), fmt::format("{} is as large as the whole range: it can never matter", name)},
                 {"写小于范围宽度的数", "write less than the width of the range"});
  if (stream.kind == ValueKind::count && (stream.range->low < 0 || std::floor(stream.range->high) != stream.range->high))
    report_.at(*node.get("range"), "pack.range", {"个数的范围要是不小于 0 的整数", "the range of a count is of whole numbers from 0 on"}, {"写 [0, 5000]", "write [0, 5000]"});
}

void DeviceReader::lasting(Node const& node, StreamType& stream) {
  stream.every = period_or(node.get("every"), core::Duration{}, report_);
  stream.silent_after = period_or(node.get("silent_after"), stream.every * silent_intervals, report_);
  if (Node const* const stuck = node.get("stuck_after")) stream.stuck_after = read_period(*stuck, report_);
  auto const shorter = [&](char const* name) {
    report_.at(*node.get(name), "pack.stream.period", {fmt::format("{} 不比 every 长：每个读数都会算上", name), fmt::format("{} is not longer than every: each reading would count", name)},
               {"写 every 的几倍", "write a few times every"});
  };
  if (node.get("silent_after") != nullptr && stream.silent_after <= stream.every) shorter("silent_after");
  if (stream.stuck_after && *stream.stuck_after <= stream.every) shorter("stuck_after");
  Node const* const keep = node.get("keep");
  if (keep == nullptr || !keep->is_map()) return;
  stream.keep.raw = period_or(keep->get("raw"), stream.keep.raw, report_);
  stream.keep.minute = period_or(keep->get("minute"), core::Duration{}, report_);
  stream.keep.hour = period_or(keep->get("hour"), core::Duration{}, report_);
  for (auto const& [name, finer, coarser] : {std::tuple{"minute", stream.keep.raw, stream.keep.minute}, std::tuple{"hour", std::max(stream.keep.raw, stream.keep.minute), stream.keep.hour}})
    if (keep->get(name) != nullptr && coarser < finer)
      report_.at(*keep->get(name), "pack.keep", {fmt::format("{} 比更细的数据保存得短", name), fmt::format("{} is kept for less time than what is finer", name)},
                 {"越粗的汇总保存越久", "the coarser, the longer"});
}

CommandType DeviceReader::command(Node const& key, Node const& node, DeviceType const& type) {
  CommandType out{.id = key.text, .name = read_text(node.get("name")), .about = read_text(node.get("about"))};
  each_entry(node.get("parameters"), [&](Node const& id, Node const& body) { out.parameters.push_back(parameter(id, body)); });
  out.expires = period_or(node.get("expires"), out.expires, report_);
  out.shown_by = node.str("shown_by");
  if (!out.shown_by.empty() && type.stream(out.shown_by) == nullptr) {
    std::vector<std::string> known;
    for (auto const& stream : type.streams) known.push_back(stream.id);
    none(*node.get("shown_by"), "pack.stream.none", {"数据流", "stream"}, known);
  }
  return out;
}

CommandParameter DeviceReader::parameter(Node const& key, Node const& node) {
  CommandParameter out{.id = key.text, .name = read_text(node.get("name")), .kind = kind_of(node.str("kind")), .required = node.str("required") == "true"};
  if (out.kind != ValueKind::number) forbid(node, "unit", out.kind, report_);
  if (out.kind != ValueKind::text) forbid(node, "choices", out.kind, report_);
  if (out.kind == ValueKind::boolean || out.kind == ValueKind::text) forbid(node, "range", out.kind, report_);
  if (Node const* const unit = node.get("unit"); unit != nullptr && read_unit_code(*unit, report_)) out.unit = unit->text;
  out.range = read_range(node.get("range"), report_);
  out.choices = words_of(node.get("choices"));
  return out;
}

void DeviceReader::dashboard(Node const& key, Node const& node) {
  Dashboard out{.id = key.text, .name = read_text(node.get("name")), .pack = pack_.pack};
  for (auto const* one : scalars_of(node.get("functions"))) out.functions.push_back(one->text);
  if (Node const* const panels = node.get("panels"); panels != nullptr && panels->is_list())
    for (auto const& one : panels->children)
      if (one.is_map()) out.panels.push_back(panel(one));
  pack_.dashboards.push_back(std::move(out));
}

Panel DeviceReader::panel(Node const& node) {
  Panel out{.title = read_text(node.get("title"))};
  for (auto const show : {PanelShow::map, PanelShow::latest, PanelShow::chart, PanelShow::alarms, PanelShow::devices})
    if (name(show) == node.str("show")) out.show = show;
  for (auto const* one : scalars_of(node.get("streams"))) {
    auto const slash = one->text.find('/');
    auto const* const type = type_of(one->text.substr(0, slash));
    if (slash != std::string::npos && type != nullptr && type->stream(one->text.substr(slash + 1)) != nullptr) {
      out.streams.push_back({one->text.substr(0, slash), one->text.substr(slash + 1)});
      continue;
    }
    std::vector<std::string> known;
    for (auto const& each : pack_.device_types)
      for (auto const& stream : each.streams) known.push_back(each.id + "/" + stream.id);
    none(*one, "pack.stream.none", {"数据流", "stream"}, known);
  }
  for (auto const* one : scalars_of(node.get("types"))) {
    out.types.push_back(one->text);
    if (type_of(one->text) != nullptr) continue;
    std::vector<std::string> known;
    for (auto const& each : pack_.device_types) known.push_back(each.id);
    none(*one, "pack.thing.none", {"设备类型", "type of device"}, known);
  }
  for (auto const* one : scalars_of(node.get("rules"))) {
    out.rules.push_back(one->text);
    if (has_rule(one->text)) continue;
    std::vector<std::string> known;
    for (auto const& each : pack_.rules) known.push_back(each.id);
    none(*one, "pack.rule.none", {"规则", "rule"}, known);
  }
  if (name(out.show) != node.str("show")) return out;  // the schema has said so
  bool const of_streams = out.show == PanelShow::latest || out.show == PanelShow::chart;
  bool const of_types = out.show == PanelShow::map || out.show == PanelShow::devices;
  char const* const wanted = of_streams ? "streams" : of_types ? "types" : "rules";
  if ((of_streams || of_types) && node.get(wanted) == nullptr)
    report_.at(node, "pack.panel", {fmt::format("{} 栏没有写 {}", name(out.show), wanted), fmt::format("the panel {} does not name its {}", name(out.show), wanted)},
               {fmt::format("加上 {}", wanted), fmt::format("add {}", wanted)});
  for (auto const* key : {"streams", "types", "rules"})
    if (std::string_view(key) != wanted && node.get(key) != nullptr)
      report_.at(*node.get(key), "pack.panel", {fmt::format("{} 栏用不到 {}", name(out.show), key), fmt::format("the panel {} does not use {}", name(out.show), key)},
                 {fmt::format("删去 {}", key), fmt::format("remove {}", key)});
  return out;
}

void DeviceReader::check(std::vector<Node> const& files) {
  std::vector<std::string> components;
  std::vector<std::string> functions;
  auto const take = [&](Pack const& pack) {
    for (auto const& item : pack.items)
      if (item.kind == Kind::component) components.push_back(item.code);
    for (auto const& function : pack.functions) functions.push_back(function.code);
  };
  for (auto const* pack : below_) take(*pack);
  take(pack_);
  for (auto const& file : files) {
    each_entry(file.get("things"), [&](Node const&, Node const& node) {
      Node const* const component = node.get("component");
      if (component != nullptr && component->is_scalar() && std::ranges::find(components, component->text) == components.end()) none(*component, "pack.component.none", {"部件事项", "component item"}, components);
    });
    each_entry(file.get("dashboards"), [&](Node const&, Node const& node) {
      for (auto const* one : scalars_of(node.get("functions")))
        if (std::ranges::find(functions, one->text) == functions.end()) none(*one, "pack.function.none", {"职能", "function"}, functions);
    });
    registered(file);
  }
  rules();
  for (auto const& rule : pack_.rules) {
    auto const stands_for = [&](Algorithm const& one) { return std::ranges::find(one.rules, rule.id) != one.rules.end(); };
    if (std::ranges::any_of(pack_.algorithms, stands_for)) continue;
    report_.at(rule.key, "pack.rule.register",
               {fmt::format("规则 {} 没有登记：凡自动执行的都要公开", rule.id), fmt::format("the rule {} is not in the register: whatever acts by itself is public", rule.id)},
               {fmt::format("在 algorithms 的一项里写 rules: [{}]", rule.id), fmt::format("name it in an entry of algorithms: rules: [{}]", rule.id)});
  }
}

/// Whether the rules that entries of the register stand for are there.
void DeviceReader::registered(Node const& file) {
  each_entry(file.get("algorithms"), [&](Node const&, Node const& node) {
    for (auto const* one : scalars_of(node.get("rules"))) {
      if (std::ranges::find(pack_.rules, one->text, &RuleSource::id) != pack_.rules.end()) continue;
      std::vector<std::string> known;
      for (auto const& rule : pack_.rules) known.push_back(rule.id);
      none(*one, "pack.rule.none", {"规则", "rule"}, known);
    }
  });
}

ObservedPropertyDef const* DeviceReader::property_of(std::string_view id) const {
  auto const in = [&](Pack const& pack) -> ObservedPropertyDef const* {
    auto const found = std::ranges::find(pack.properties, id, &ObservedPropertyDef::id);
    return found == pack.properties.end() ? nullptr : &*found;
  };
  if (auto const* own = in(pack_)) return own;
  for (auto const* pack : below_)
    if (auto const* found = in(*pack)) return found;
  return nullptr;
}

DeviceType const* DeviceReader::type_of(std::string_view id) const {
  auto const in = [&](Pack const& pack) -> DeviceType const* {
    auto const found = std::ranges::find(pack.device_types, id, &DeviceType::id);
    return found == pack.device_types.end() ? nullptr : &*found;
  };
  if (auto const* own = in(pack_)) return own;
  for (auto const* pack : below_)
    if (auto const* found = in(*pack)) return found;
  return nullptr;
}

bool DeviceReader::has_rule(std::string_view id) const {
  auto const in = [&](Pack const& pack) { return std::ranges::find(pack.rules, id, &RuleSource::id) != pack.rules.end(); };
  return in(pack_) || std::ranges::any_of(below_, [&](Pack const* pack) { return in(*pack); });
}

}  // namespace zhili::catalogue
