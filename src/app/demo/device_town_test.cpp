// The devices of the demonstration: plausible, and well until a storm or a leak comes.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/demo/device_town.hpp"
#include "app/demo/liucheng.hpp"
#include "catalogue/pack.hpp"

namespace zhili::app::demo {
namespace {

using std::chrono::minutes;

std::shared_ptr<catalogue::Catalogue const> sensing_packs() {
  return catalogue::read_catalogue(std::filesystem::path(ZHILI_SOURCE_DIR) / "packs", {"base", "city-appearance", "sensing", "street-lighting", "urban-flood", "fire-and-gas", "environment", "traffic", "civilised-city", "digital-village", "access"}).value();
}

TEST(DeviceTownTest, HasAboutTwoThousandDevicesOfManyTypes) {
  auto const catalogue = sensing_packs();
  auto const planned = plan_devices(liucheng(), *catalogue, 7);
  EXPECT_GE(planned.size(), 2'000U);
  EXPECT_LE(planned.size(), 2'300U);
  std::set<std::string> serials, types;
  for (auto const& one : planned) {
    serials.insert(one.serial);
    types.insert(one.type);
  }
  EXPECT_EQ(serials.size(), planned.size());
  EXPECT_GE(types.size(), 28U);
  EXPECT_EQ(devices_csv(planned), devices_csv(plan_devices(liucheng(), *catalogue, 7))) << "the same seed, the same devices";
}

bool fits(catalogue::ValueKind kind, std::optional<std::string> const& reading) {
  if (!reading) return false;
  switch (kind) {
    case catalogue::ValueKind::boolean: return *reading == "true" || *reading == "false";
    case catalogue::ValueKind::text: return reading->starts_with('"');
    case catalogue::ValueKind::count: return std::ranges::all_of(*reading, [](char c) { return c >= '0' && c <= '9'; });
    default: return reading->find_first_not_of("-+.e0123456789") == std::string::npos;
  }
}

TEST(DeviceTownTest, EveryPropertyOfTheirTypesHasReadingsOfItsKind) {
  auto const catalogue = sensing_packs();
  std::set<std::string> lacking;
  for (auto const& one : plan_devices(liucheng(), *catalogue, 7))
    for (auto const& stream : catalogue->device_type(one.type)->streams)
      if (!fits(catalogue->property(stream.property)->kind, reading_json(stream.property, 1, {}))) lacking.insert(stream.property);
  EXPECT_EQ(lacking, std::set<std::string>{});
}

TEST(DeviceTownTest, ReadingsStayWithinWhatTheirTypesCanMeasure) {
  auto const catalogue = sensing_packs();
  for (auto const* type : catalogue->device_types())
    for (auto const& stream : type->streams) {
      if (!stream.range) continue;
      for (std::int64_t minute = 0; minute < 3'000; minute += 7) {
        auto const text = reading_json(stream.property, static_cast<std::uint64_t>(minute), {.hour = static_cast<double>(minute % 1'440) / 60, .minute = minute});
        if (!text || *text == "true" || *text == "false" || text->front() == '"') continue;
        auto const value = std::stod(*text);
        EXPECT_TRUE(value >= stream.to_property(stream.range->low) && value <= stream.to_property(stream.range->high)) << type->id << "/" << stream.id << " " << value;
      }
    }
}

TEST(DeviceTownTest, AStormFloodsTheUnderpassAboveWhatIsCriticalAndItDriesAgain) {
  Underpass water(24, 0.5);
  double highest = 0;
  int above_critical = 0;
  for (int minute = 0; minute < 300; ++minute) {
    water.minute(rain_mm_h(minutes(minute)));
    highest = std::max(highest, water.level_cm());
    above_critical += water.level_cm() > 27 ? 1 : 0;
    if (core::Duration(minutes(minute)) < first_storm_after) {
      EXPECT_EQ(water.level_cm(), 0) << minute;
    }
  }
  EXPECT_GE(above_critical, 3) << "27 cm for three minutes closes an underpass";
  EXPECT_LT(highest, 80);
  EXPECT_LT(water.level_cm(), 1);
}

TEST(DeviceTownTest, ALeakRaisesBothGasRulesAndEnds) {
  int high = 0;
  for (int minute = 0; minute < 200; ++minute) high += leaking_gas_lel(minutes(minute)) >= 25 ? 1 : 0;
  EXPECT_GE(high, 2);
  EXPECT_EQ(leaking_gas_lel(minutes(10)), 0);
  EXPECT_LT(leaking_gas_lel(first_leak_after + leak_lasts - minutes(1)), 10);
  EXPECT_EQ(leaking_gas_lel(first_leak_after + leak_lasts), 0);
}

}  // namespace
}  // namespace zhili::app::demo
