// What is told to those whose observations are not taken.
#include <fmt/format.h>

#include "sense/ingest/check.hpp"

namespace zhili::sense::ingest {

std::string_view key(Wrong wrong) {
  switch (wrong) {
    case Wrong::nothing:
      return {};
    case Wrong::unknown_stream:
    case Wrong::foreign_stream:  // whoever may not write it is not told whether it exists
      return "ingest.stream";
    case Wrong::kind:
    case Wrong::not_finite:
    case Wrong::not_a_count:
      return "ingest.value";
    case Wrong::text_length:
      return "ingest.value_bytes";
    case Wrong::interval:
      return "ingest.interval";
    case Wrong::unit:
      return "ingest.unit";
    case Wrong::future:
      return "ingest.future";
    case Wrong::before_2000:
      return "ingest.past";
  }
  return {};
}

namespace {

core::Text kind_words(ValueKind kind) {
  switch (kind) {
    case ValueKind::number:
      return {"数字，例如 12.5", "a number, for example 12.5"};
    case ValueKind::truth:
      return {"true 或 false", "true or false"};
    case ValueKind::count:
      return {"整数，例如 3", "a whole number, for example 3"};
    case ValueKind::text:
      return {"带引号的文字", "a text in quotation marks"};
    case ValueKind::json:
      return {"JSON", "JSON"};
  }
  return {};
}

core::Text words_of(Wrong wrong, StreamFact const* fact) {
  switch (wrong) {
    case Wrong::nothing:
      return {};
    case Wrong::unknown_stream:
    case Wrong::foreign_stream:
      return {"没有这条数据流，或者发送者不能写它。设备只能写自己的数据流。", "There is no such datastream, or the sender may not write it. A device writes only its own."};
    case Wrong::kind: {
      auto const wanted = kind_words(fact ? fact->kind : ValueKind::number);
      return {"这条数据流的值须是" + wanted.zh + "。", "The value of this datastream has to be " + wanted.en + "."};
    }
    case Wrong::not_finite:
      return {"数字太大，或不是数字。", "The number is too large, or is none."};
    case Wrong::not_a_count:
      return {"计数须是整数，绝对值不超过 2^53。", "A count has to be a whole number of at most 2^53."};
    case Wrong::text_length:
      return {fmt::format("一个值最多 {} 字节。", result_bytes_max), fmt::format("One value has at most {} bytes.", result_bytes_max)};
    case Wrong::interval:
      return {"时段的终点早于起点。", "The interval ends before it begins."};
    case Wrong::unit:
      return {fmt::format("不认识这个单位，或不能换算成这条数据流的单位“{}”。请用 UCUM 代码，或不写单位。", fact ? fact->unit : ""),
              fmt::format("The unit is not known, or does not convert into this datastream's \"{}\". Use a UCUM code, or leave it out.", fact ? fact->unit : "")};
    case Wrong::future:
      return {fmt::format("时间比本机超前 {} 分钟以上：设备的时钟不准。读数已放入隔离区。", clock_ahead_max_ms / 60'000),
              fmt::format("The time is more than {} minutes ahead of ours: the device's clock is wrong. The reading is in quarantine.", clock_ahead_max_ms / 60'000)};
    case Wrong::before_2000:
      return {"时间早于 2000 年：设备的时钟没有校准。读数已放入隔离区。", "The time is before the year 2000: the device's clock is not set. The reading is in quarantine."};
  }
  return {};
}

/// What the sender calls the part that is wrong.
std::string_view field_of(Wrong wrong, Way way) {
  bool const sensorthings = way == Way::sensorthings || way == Way::mqtt_sensorthings;
  switch (wrong) {
    case Wrong::unknown_stream:
    case Wrong::foreign_stream:
      return sensorthings ? "Datastream" : "s";
    case Wrong::kind:
    case Wrong::not_finite:
    case Wrong::not_a_count:
    case Wrong::text_length:
      return sensorthings ? "result" : "v";
    case Wrong::unit:
      return "u";
    default:
      return sensorthings ? "phenomenonTime" : "t";
  }
}

}  // namespace

Problem problem_of(Wrong wrong, Incoming const& row, StreamFact const* fact, Source const& source) {
  return {.line = row.line, .fate = is_for_quarantine(wrong) ? Fate::quarantined : Fate::refused, .key = std::string(key(wrong)), .text = words_of(wrong, fact),
          .field = std::string(field_of(wrong, source.way))};
}

}  // namespace zhili::sense::ingest
