#pragma once
// A file of places as its reader wants it.

#include <filesystem>
#include <functional>

#include "sense/places/geojson.hpp"

namespace zhili::app {

/// The file, plain or .xz. `progress` gets the share of it that was read (0…1), again from 0 each time that it is opened.
sense::places::GeoJsonFile geojson_file(std::filesystem::path path, std::function<void(double share)> progress = [](double) {});

}  // namespace zhili::app
