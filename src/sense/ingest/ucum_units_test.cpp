#include "sense/ingest/ucum_units.hpp"

#include <gtest/gtest.h>

namespace zhili::sense::ingest {
namespace {

TEST(UcumUnits, ConvertsAndSaysWhatItCannot) {
  UcumUnits units;
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ((*units.convert("mm", "cm"))(123), 12.3);
    EXPECT_EQ((*units.convert("m", "cm"))(1.5), 150);
    EXPECT_NEAR((*units.convert("[degF]", "Cel"))(212), 100, 1e-9);
    EXPECT_EQ(units.convert("Cel", "cm").error().code, core::Errc::invalid);
    EXPECT_EQ(units.convert("furlongs per fortnight", "m/s").error().code, core::Errc::invalid);
    EXPECT_FALSE(units.convert(std::string(100'000, 'm'), "m"));
  }
  for (int i = 0; i < 3'000; ++i) EXPECT_FALSE(units.convert("unit" + std::to_string(i), "m"));
}

TEST(UcumUnits, WhatATypeSaysIsInTheUnitThatIsKept) {
  catalogue::ObservedPropertyDef property;
  property.unit = "cm";
  catalogue::StreamType stream;
  stream.id = "level";
  stream.unit = "mm";
  stream.to_property = {.factor = 1, .divisor = 10, .offset = 0};
  stream.range = catalogue::ValueRange{.low = 0, .high = 3'000};
  stream.spike = 500;
  stream.every = std::chrono::minutes(1);
  stream.stuck_after = std::chrono::hours(6);
  auto const fact = fact_of(stream, property);
  EXPECT_EQ(fact.name, "level");
  EXPECT_EQ(fact.unit, "cm");
  EXPECT_EQ(fact.from_device(123), 12.3);
  EXPECT_EQ(fact.least, 0);
  EXPECT_EQ(fact.most, 300);
  EXPECT_EQ(fact.jump_max, 50);
  EXPECT_EQ(fact.every, core::Duration(60'000));
  EXPECT_EQ(fact.stuck_for, core::Duration(6 * 3'600'000));
  stream.to_property = {.factor = -1, .divisor = 1, .offset = 100};  // depth below a rim
  EXPECT_EQ(fact_of(stream, property).least, -2'900);
  EXPECT_EQ(fact_of(stream, property).most, 100);
}

}  // namespace
}  // namespace zhili::sense::ingest
