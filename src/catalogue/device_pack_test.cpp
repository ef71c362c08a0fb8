// What packs say of devices: read as written, and each mistake found at its place.

#include <gtest/gtest.h>

#include <fstream>

#include "catalogue/installation.hpp"
#include "catalogue/pack.hpp"
#include "support/temp_db.hpp"

namespace zhili::catalogue {
namespace {

constexpr char const* device_pack = R"yaml(pack: p
version: "1"
name: {zh: 试, en: Trial}
functions:
  drainage: {name: {zh: 排水, en: Drainage}}
properties:
  water-level: {name: {zh: 水位, en: Water level}, definition: "urn:zhili:property:water-level", kind: number, unit: cm, basis: GB 1}
  running: {name: {zh: 运行, en: Running}, definition: "urn:zhili:property:running", kind: bool, when_true: {zh: 开, en: runs}, when_false: {zh: 停, en: stands}}
  cars: {name: {zh: 车数, en: Cars}, definition: "urn:zhili:property:cars", kind: count}
  phase: {name: {zh: 灯色, en: Phase}, definition: "urn:zhili:property:phase", kind: text, words: {red: {zh: 红, en: red}, green: {zh: 绿, en: green}}}
  battery: {name: {zh: 电量, en: Battery}, definition: "urn:zhili:property:battery", kind: number, unit: "%", of: device}
things:
  gauge:
    name: {zh: 水位计, en: Gauge}
    about: {zh: 测水深, en: Tells how deep the water is}
    sensor: {about: {zh: 超声波, en: Ultrasound}, encoding: application/pdf, metadata: "https://example.org/gauge.pdf"}
    streams:
      level: {property: water-level, unit: m, range: [0, 3], every: 1 min, silent_after: 10 min, stuck_after: 12 h, spike: 1, resolution: 0.01, keep: {raw: 90 d, minute: 2 a, hour: 10 a}}
      battery: {property: battery, range: [0, 100], every: 1 h}
      running: {property: running}
      cars: {property: cars, range: [0, 100]}
    firmware: {version: {zh: 固件版本, en: Firmware}}
    commands:
      set:
        name: {zh: 设定, en: Set}
        parameters:
          depth: {name: {zh: 深, en: Depth}, kind: number, unit: cm, range: [0, 10], required: true}
          mode: {name: {zh: 方式, en: Mode}, kind: text, choices: {auto: {zh: 自动, en: by itself}}}
        expires: 2 min
        shown_by: running
rules:
  deep:
    {watch: water-level, severity: minor, says: {zh: 深, en: deep},
    raise: value > 15 cm for 3 min}
algorithms:
  deep: {name: {zh: 甲, en: A}, purpose: {zh: 甲, en: A}, does: acts, owner: {zh: 甲, en: A}, basis: {zh: 甲, en: A}, version: "1", rules: [deep], uses: {zh: 甲, en: A}, quality: {zh: 甲, en: A}, overruled_by: lead, overruling: {zh: 甲, en: A}}
roles:
  lead: {name: {zh: 班长, en: Lead}}
dashboards:
  duty:
    name: {zh: 值班, en: On duty}
    functions: [drainage]
    panels:
      - {show: map, title: {zh: 图, en: Map}, types: [gauge]}
      - {show: chart, title: {zh: 水位, en: Level}, streams: [gauge/level]}
      - {show: alarms, title: {zh: 告警, en: Alarms}, rules: [deep]}
)yaml";

class DeviceFolder {
 public:
  std::filesystem::path root() const { return folder_.path(); }
  void write(std::string const& pack, std::string const& text) const {
    std::filesystem::create_directories(root() / pack);
    std::ofstream(root() / pack / "pack.yaml", std::ios::binary) << text;
  }

 private:
  test::TempFolder folder_;
};

std::string exchanged(std::string text, std::string const& from, std::string const& to) {
  auto const at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(DevicePack, IsReadAsWritten) {
  DeviceFolder const folder;
  folder.write("p", device_pack);
  EXPECT_EQ(render(check_pack(folder.root() / "p"), core::Lang::en), "");
  auto const catalogue = read_catalogue(folder.root(), {"p"}).value();
  auto const* const type = catalogue->device_type("gauge");
  ASSERT_NE(type, nullptr);
  auto const* const level = type->stream("level");
  ASSERT_NE(level, nullptr);
  EXPECT_EQ(level->unit, "m");
  EXPECT_EQ(level->to_property(0.22), 22);
  EXPECT_EQ(level->every, std::chrono::minutes(1));
  EXPECT_EQ(level->silent_after, std::chrono::minutes(10));
  EXPECT_EQ(level->stuck_after, std::chrono::hours(12));
  EXPECT_EQ(level->keep.minute, std::chrono::hours(24 * 730));
  EXPECT_TRUE(level->range->holds(3));
  EXPECT_FALSE(level->range->holds(3.1));
  EXPECT_EQ(level->name.en, "Water level");  // the property's own
  EXPECT_EQ(type->stream("battery")->silent_after, std::chrono::hours(3));
  EXPECT_EQ(type->stream("running")->silent_after, core::Duration{});
  EXPECT_EQ(type->sensor.encoding, "application/pdf");
  EXPECT_EQ(type->command("set")->parameters[0].range->high, 10);
  EXPECT_EQ(type->command("set")->shown_by, "running");
  EXPECT_EQ(catalogue->property("phase")->words[1].code, "green");
  EXPECT_TRUE(catalogue->property("battery")->of_device);
  EXPECT_EQ(catalogue->property("running")->yes.en, "runs");
  EXPECT_EQ(catalogue->property("nothing"), nullptr);
  ASSERT_EQ(catalogue->rule_sources().size(), 1U);
  EXPECT_EQ(catalogue->rule_sources()[0]->body.str("raise"), "value > 15 cm for 3 min");
  EXPECT_EQ(catalogue->rule_sources()[0]->body.get("raise")->line, 34);
  ASSERT_EQ(catalogue->dashboards().size(), 1U);
  EXPECT_EQ(catalogue->dashboards()[0]->panels[1].streams[0].stream, "level");
}

TEST(DevicePack, IsServedFromTheDatabaseAlone) {
  DeviceFolder const folder;
  folder.write("p", device_pack);
  core::ManualTime time{core::from_ms(1'800'000'000'000)};
  test::TempFolder data;
  auto const db = store::Db::open({.url = "sqlite:" + (data.path() / "db").string()}, time).value();
  ASSERT_TRUE(load_packs(*db, folder.root(), {"p"}));
  auto const kept = kept_packs(*db).value();
  EXPECT_EQ(kept->device_type("gauge")->stream("level")->to_property(1), 100);
  EXPECT_EQ(kept->rule_sources().at(0)->key.line, 32);
}

TEST(DevicePack, ALowerPackUsesWhatUpperOnesDeclareAndTakesNoNameTwice) {
  DeviceFolder const folder;
  folder.write("p", device_pack);
  folder.write("q", "pack: q\nversion: \"1\"\nname: {zh: 试, en: Trial}\nneeds: [p]\nthings:\n  other:\n    name: {zh: 另, en: Other}\n    streams:\n      level: {property: water-level, range: [0, 9]}\n");
  EXPECT_EQ(render(check_pack(folder.root() / "q"), core::Lang::en), "");
  folder.write("r", "pack: r\nversion: \"1\"\nname: {zh: 试, en: Trial}\nneeds: [p]\nproperties:\n  water-level: {name: {zh: 水, en: Water}, definition: \"urn:x:water\", kind: count}\n");
  auto const taken = check_pack(folder.root() / "r");
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].key, "pack.id.taken");
  EXPECT_EQ(taken[0].line, 6);
  folder.write("s", "pack: s\nversion: \"1\"\nname: {zh: 试, en: Trial}\nproperties:\n  water-level: {name: {zh: 水, en: Water}, definition: \"urn:x:water\", kind: count}\n");
  auto const both = read_catalogue(folder.root(), {"p", "s"});
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().key, "catalogue.id.twice");
}

struct DeviceMistake {
  char const* name;
  char const* from;
  char const* to;
  char const* key;
  int line;
};
class BadDevicePack : public testing::TestWithParam<DeviceMistake> {};

TEST_P(BadDevicePack, IsFoundAtItsPlace) {
  auto const& mistake = GetParam();
  DeviceFolder const folder;
  folder.write("p", exchanged(device_pack, mistake.from, mistake.to));
  auto const findings = check_pack(folder.root() / "p");
  ASSERT_EQ(findings.size(), 1U) << render(findings, core::Lang::en);
  EXPECT_EQ(findings[0].key, mistake.key) << render(findings, core::Lang::en);
  EXPECT_EQ(findings[0].line, mistake.line);
  EXPECT_EQ(findings[0].file, "pack.yaml");
  EXPECT_FALSE(findings[0].what.zh.empty() || findings[0].what.en.empty() || findings[0].mend.zh.empty() || findings[0].mend.en.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Sections, BadDevicePack,
    testing::Values(
        DeviceMistake{"unit_unknown", "unit: cm, basis", "unit: centimetre, basis", "pack.unit.code", 7}, DeviceMistake{"unit_missing", "unit: cm, basis", "basis", "pack.property.unit", 7},
        DeviceMistake{"unit_of_another_kind", "unit: m, range", "unit: s, range", "pack.unit.kind", 18}, DeviceMistake{"unit_of_a_stream_unknown", "unit: m, range", "unit: meter, range", "pack.unit.code", 18},
        DeviceMistake{"unit_of_a_bool", "kind: bool,", "kind: bool, unit: cm,", "pack.kind", 8}, DeviceMistake{"words_of_a_count", "kind: count}", "kind: count, words: {a: {zh: 甲, en: A}}}", "pack.kind", 9},
        DeviceMistake{"kind", "kind: count}", "kind: counts}", "pack.choice", 9}, DeviceMistake{"definition", "\"urn:zhili:property:cars\"", "cars", "pack.shape", 9},
        DeviceMistake{"of", "of: device", "of: home", "pack.choice", 11}, DeviceMistake{"property", "{property: battery,", "{property: batery,", "pack.property.none", 19},
        DeviceMistake{"range_empty", "range: [0, 3]", "range: [3, 0]", "pack.range", 18}, DeviceMistake{"range_missing", "unit: m, range: [0, 3],", "unit: m,", "pack.stream.range", 18},
        DeviceMistake{"range_of_one", "range: [0, 3]", "range: [3]", "pack.few", 18}, DeviceMistake{"range_words", "range: [0, 3]", "range: [0, deep]", "pack.type", 18},
        DeviceMistake{"range_of_a_count", "cars, range: [0, 100]", "cars, range: [-1, 100]", "pack.range", 21}, DeviceMistake{"range_of_a_bool", "{property: running}", "{property: running, range: [0, 1]}", "pack.kind", 20},
        DeviceMistake{"spike_larger_than_the_range", "spike: 1", "spike: 3", "pack.stream.limit", 18}, DeviceMistake{"spike_zero", "spike: 1", "spike: 0", "pack.few", 18},
        DeviceMistake{"spike_of_a_count", "cars, range: [0, 100]", "cars, range: [0, 100], spike: 5", "pack.kind", 21}, DeviceMistake{"silent_too_soon", "silent_after: 10 min", "silent_after: 60 s", "pack.stream.period", 18},
        DeviceMistake{"stuck_too_soon", "stuck_after: 12 h", "stuck_after: 1 min", "pack.stream.period", 18}, DeviceMistake{"period", "every: 1 min", "every: 1 minute", "pack.shape", 18},
        DeviceMistake{"period_of_nothing", "every: 1 h", "every: 0 h", "pack.period", 19}, DeviceMistake{"keep_shorter", "minute: 2 a", "minute: 80 d", "pack.keep", 18},
        DeviceMistake{"shown_by", "shown_by: running", "shown_by: runing", "pack.stream.none", 30}, DeviceMistake{"choices_of_a_number", "required: true}", "required: true, choices: {a: {zh: 甲, en: A}}}", "pack.kind", 27},
        DeviceMistake{"unit_of_a_parameter", "number, unit: cm, range", "number, unit: cms, range", "pack.unit.code", 27}, DeviceMistake{"component", "    about: {zh: 测水深", "    component: \"C0115\"\n    about: {zh: 测水深", "pack.component.none", 15},
        DeviceMistake{"rule_twice", "algorithms:", "  deep: {watch: cars}\nalgorithms:", "pack.key.twice", 35}, DeviceMistake{"rule_not_registered", "version: \"1\", rules: [deep],", "version: \"1\",", "pack.rule.register", 32},
        DeviceMistake{"rule_registered_that_is_not_there", "rules: [deep],", "rules: [deep, dep],", "pack.rule.none", 36},
        DeviceMistake{"panel_type", "types: [gauge]", "types: [gage]", "pack.thing.none", 44}, DeviceMistake{"panel_stream", "streams: [gauge/level]", "streams: [gauge/levl]", "pack.stream.none", 45},
        DeviceMistake{"panel_rule", "Alarms}, rules: [deep]", "Alarms}, rules: [deeq]", "pack.rule.none", 46}, DeviceMistake{"panel_without", ", types: [gauge]}", "}", "pack.panel", 44},
        DeviceMistake{"panel_with_too_much", ", types: [gauge]}", ", types: [gauge], rules: [deep]}", "pack.panel", 44}, DeviceMistake{"panel_show", "show: map", "show: maps", "pack.choice", 44},
        DeviceMistake{"dashboard_function", "functions: [drainage]", "functions: [drainag]", "pack.function.none", 42}, DeviceMistake{"id_shape", "  phase: {name", "  Phase: {name", "pack.name.shape", 10}),
    [](auto const& one) { return one.param.name; });

TEST(DevicePack, SaysHowToMendAUnit) {
  DeviceFolder const folder;
  folder.write("p", exchanged(device_pack, "unit: m, range", "unit: mmHg, range"));
  EXPECT_EQ(render(check_pack(folder.root() / "p"), core::Lang::en),
            "pack.yaml:18:44: there is no unit “mmHg”; did you mean mm[Hg]? write a UCUM code, in its own case, for example m3/h, ug/m3, Cel, {count}\n"
            "    mend: docs/reference/units.md has the codes\n");
}

}  // namespace
}  // namespace zhili::catalogue
