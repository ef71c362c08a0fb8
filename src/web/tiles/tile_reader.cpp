#include "web/tiles/tile_reader.hpp"

#include <protozero/pbf_reader.hpp>

namespace zhili::web::tile {

std::int64_t ring_turn(std::vector<ReadPoint> const& ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    auto const &a = ring[i], &b = ring[(i + 1) % ring.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return sum;
}

namespace {

class TileReader {
 public:
  ReadTile read(std::string const& bytes) {
    protozero::pbf_reader tile(bytes);
    while (tile.next()) {
      if (tile.tag() != 3) return fault("a field that is no layer"), std::move(out_);
      read_layer(tile.get_message());
    }
    return std::move(out_);
  }

 private:
  void fault(std::string what) { out_.faults.push_back(std::move(what)); }

  void read_layer(protozero::pbf_reader layer) {
    std::string name;
    ReadLayer own;
    std::vector<std::string> keys, values;
    std::vector<protozero::data_view> features;
    while (layer.next()) switch (layer.tag()) {
        case 15:
          own.version = layer.get_uint32();
          break;
        case 1:
          name = layer.get_string();
          break;
        case 5:
          own.extent = layer.get_uint32();
          break;
        case 2:
          features.push_back(layer.get_view());
          break;
        case 3:
          keys.push_back(layer.get_string());
          break;
        case 4:
          values.push_back(read_value(layer.get_message()));
          break;
        default:
          fault("unknown field of a layer");
          layer.skip();
      }
    if (own.version != 2) fault(name + ": version is not 2");
    if (features.empty()) fault(name + ": a layer without features");
    for (auto const& view : features)
      own.features.push_back(read_feature(name, protozero::pbf_reader(view), keys, values));
    if (!out_.layers.emplace(name, std::move(own)).second) fault(name + ": a layer twice");
  }

  std::string read_value(protozero::pbf_reader value) {
    if (!value.next(1)) return fault("a value that is no text"), "";
    return value.get_string();
  }

  ReadFeature read_feature(std::string const& layer, protozero::pbf_reader feature,
                           std::vector<std::string> const& keys, std::vector<std::string> const& values) {
    ReadFeature f;
    std::vector<std::uint32_t> tags, commands;
    while (feature.next()) switch (feature.tag()) {
        case 2:
          for (auto t : feature.get_packed_uint32()) tags.push_back(t);
          break;
        case 3:
          f.type = feature.get_uint32();
          break;
        case 4:
          for (auto c : feature.get_packed_uint32()) commands.push_back(c);
          break;
        default:
          fault(layer + ": unknown field of a feature");
          feature.skip();
      }
    for (std::size_t i = 0; i + 1 < tags.size(); i += 2) {
      if (tags[i] >= keys.size() || tags[i + 1] >= values.size())
        fault(layer + ": a tag points nowhere");
      else
        f.properties[keys[tags[i]]] = values[tags[i + 1]];
    }
    read_commands(layer, f, commands);
    return f;
  }

  void read_commands(std::string const& layer, ReadFeature& f, std::vector<std::uint32_t> const& commands) {
    ReadPoint at;
    std::size_t i = 0;
    auto const step = [&] {
      at.x += protozero::decode_zigzag32(commands[i]);
      at.y += protozero::decode_zigzag32(commands[i + 1]);
      i += 2;
      return at;
    };
    while (i < commands.size()) {
      auto const command = commands[i] & 7, count = commands[i] >> 3;
      ++i;
      if (command == 7) {
        if (f.type != 3 || f.paths.empty()) fault(layer + ": closes what is no ring");
        continue;
      }
      if (count == 0 || i + 2 * std::size_t{count} > commands.size())
        return fault(layer + ": commands end early");
      for (std::uint32_t k = 0; k < count; ++k) {
        if (command == 1)
          f.paths.push_back({step()});
        else if (command == 2 && !f.paths.empty())
          f.paths.back().push_back(step());
        else
          return fault(layer + ": unknown command");
      }
    }
    check_paths(layer, f);
  }

  void check_paths(std::string const& layer, ReadFeature const& f) {
    if (f.paths.empty()) fault(layer + ": a feature without geometry");
    for (std::size_t p = 0; p < f.paths.size(); ++p) {
      auto const& path = f.paths[p];
      for (auto const& v : path)
        if (v.x < -64 || v.y < -64 || v.x > 4160 || v.y > 4160)
          return fault(layer + ": a point outside the square");
      if (f.type == 1 && path.size() != 1) fault(layer + ": a point of several");
      if (f.type == 2 && path.size() < 2) fault(layer + ": a line of one point");
      if (f.type == 3 && path.size() < 3) fault(layer + ": a ring of two points");
      if (f.type == 3 && ring_turn(path) == 0) fault(layer + ": a ring without area");
      if (f.type == 3 && p == 0 && ring_turn(path) < 0) fault(layer + ": begins with a hole");
    }
  }

  ReadTile out_;
};

}  // namespace

ReadTile read_tile(std::string const& bytes) {
  return TileReader().read(bytes);
}

}  // namespace zhili::web::tile
