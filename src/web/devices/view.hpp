#pragma once
// How devices are shown: JSON and its shapes.

#include <boost/json/fwd.hpp>
#include <vector>

#include "web/devices/devices.hpp"

namespace zhili::web {

/// Whether the exact place and readings are shown.
enum class DeviceSight : std::uint8_t { shut, open };

std::vector<Field> device_fields();
boost::json::object device_json(devices::Device const& device, devices::Sight const& seen, std::string const& alarm, DeviceSight sight, DeviceParts const& parts);

Shape device_stream_shape();
Shape credential_shape();
boost::json::object credential_json(devices::Credential const& credential, core::Zone const& zone);
Shape command_shape();
boost::json::object command_json(devices::Command const& command, catalogue::DeviceType const* type, core::Zone const& zone);
Shape fault_shape();
boost::json::object fault_json(devices::Fault const& fault, core::Zone const& zone);
/// `{id, name, private, streams, commands}` of a type.
Shape device_type_shape();
boost::json::object device_type_json(catalogue::DeviceType const& type, catalogue::Catalogue const& catalogue);

/// One stream of a type in the unit that is stored: property, name, unit, kind, range, every_s.
boost::json::object stream_json(catalogue::StreamType const& stream, catalogue::Catalogue const& catalogue);
std::vector<Field> stream_fields();
/// Text as JSON, or null where it is none.
boost::json::value json_or_null(std::string const& text);

}  // namespace zhili::web
