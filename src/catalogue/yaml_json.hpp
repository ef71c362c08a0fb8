#pragma once
// The tree as JSON, for the schema.

#include <boost/json/fwd.hpp>

#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// Plain words become numbers and booleans as YAML 1.2 reads them; everything in quotes stays text.
boost::json::value to_json(Node const& node);

}  // namespace zhili::catalogue
