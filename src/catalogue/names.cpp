// The words of the enumerations, and small look-ups in the data.

#include <algorithm>

#include "catalogue/types.hpp"

namespace zhili::catalogue {

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::event:
      return "event";
    case Kind::component:
      return "component";
    case Kind::service:
      return "service";
  }
  return "";
}

std::string_view name(Phase phase) {
  switch (phase) {
    case Phase::check:
      return "check";
    case Phase::dispatch:
      return "dispatch";
    case Phase::handle:
      return "handle";
    case Phase::rework:
      return "rework";
    case Phase::verify:
      return "verify";
    case Phase::whole:
      return "whole";
  }
  return "";
}

Text title(Phase phase) {
  switch (phase) {
    case Phase::check:
      return {"核实", "Check"};
    case Phase::dispatch:
      return {"派遣", "Dispatch"};
    case Phase::handle:
      return {"处置", "Handling"};
    case Phase::rework:
      return {"返工", "Rework"};
    case Phase::verify:
      return {"核查", "Verification"};
    case Phase::whole:
      return {"全流程", "Whole course"};
  }
  return {};
}

std::string_view name(Occasion occasion) {
  switch (occasion) {
    case Occasion::never:
      return "never";
    case Occasion::citizen_reports:
      return "citizen_reports";
    case Occasion::always:
      return "always";
  }
  return "";
}

std::string_view name(AskType type) {
  switch (type) {
    case AskType::text:
      return "text";
    case AskType::long_text:
      return "long_text";
    case AskType::number:
      return "number";
    case AskType::datetime:
      return "datetime";
    case AskType::list:
      return "list";
    case AskType::multi_list:
      return "multi_list";
  }
  return "";
}

std::string_view name(ValueKind kind) {
  switch (kind) {
    case ValueKind::number:
      return "number";
    case ValueKind::boolean:
      return "bool";
    case ValueKind::count:
      return "count";
    case ValueKind::text:
      return "text";
  }
  return "";
}

std::string_view observation_type(ValueKind kind) {
  switch (kind) {
    case ValueKind::number:
      return "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement";
    case ValueKind::boolean:
      return "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_TruthObservation";
    case ValueKind::count:
      return "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_CountObservation";
    case ValueKind::text:
      return "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_CategoryObservation";
  }
  return "";
}

std::string_view name(PanelShow show) {
  switch (show) {
    case PanelShow::map:
      return "map";
    case PanelShow::latest:
      return "latest";
    case PanelShow::chart:
      return "chart";
    case PanelShow::alarms:
      return "alarms";
    case PanelShow::devices:
      return "devices";
  }
  return "";
}

std::string_view open311_name(AskType type) {
  switch (type) {
    case AskType::text:
      return "string";
    case AskType::long_text:
      return "text";
    case AskType::number:
      return "number";
    case AskType::datetime:
      return "datetime";
    case AskType::list:
      return "singlevaluelist";
    case AskType::multi_list:
      return "multivaluelist";
  }
  return "";
}

std::vector<ClockSpec const*> Condition::clocks_of(Phase phase) const {
  std::vector<ClockSpec const*> found;
  for (auto const& clock : clocks) {
    if (clock.phase == phase) found.push_back(&clock);
  }
  return found;
}

StreamType const* DeviceType::stream(std::string_view stream_id) const {
  auto const found = std::ranges::find(streams, stream_id, &StreamType::id);
  return found == streams.end() ? nullptr : &*found;
}

CommandType const* DeviceType::command(std::string_view command_id) const {
  auto const found = std::ranges::find(commands, command_id, &CommandType::id);
  return found == commands.end() ? nullptr : &*found;
}

Condition const* Item::condition(std::string_view condition_code) const {
  auto const found = std::find_if(conditions.begin(), conditions.end(), [&](Condition const& condition) {
    return condition.code == condition_code;
  });
  return found == conditions.end() ? nullptr : &*found;
}

}  // namespace zhili::catalogue
