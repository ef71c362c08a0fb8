#pragma once
// Places from GeoJSON (RFC 7946): what a survey office or a map editor hands over. README.md lists the
// properties.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/datum.hpp"
#include "sense/places/places.hpp"

namespace zhili::sense::places {

inline constexpr std::size_t geojson_file_bytes_max = std::size_t{4} << 30;
inline constexpr std::size_t geojson_feature_bytes_max = std::size_t{8} << 20;  ///< text of one feature
inline constexpr std::size_t geojson_depth_max = 32;
inline constexpr std::size_t geojson_text_bytes_max = 4096;  ///< one property
inline constexpr std::size_t geojson_faults_max = 100;       ///< reported; reading stops there

struct GeoJsonOptions {
  CodeScheme scheme = CodeScheme::standard();
  /// The datum of the coordinates. A member "datum" of the collection (before its features) says it too;
  /// where both do, they must agree. Neither: WGS 84, as the format has it.
  std::optional<core::Datum> datum = {};
  std::string kind =
      {};  ///< for features without a property "kind": "area", "grid", "duty_grid", "component", …
};

/// One thing that is wrong with a file.
struct GeoJsonFault {
  std::int64_t feature = 0;  ///< from 1; 0: the file itself
  std::string property;      ///< "code", "geometry", …
  Text text;                 ///< what is wrong and how to mend it
};

/// Reads a FeatureCollection piece by piece. Memory: one batch of features, however long the file.
class GeoJsonReader {
 public:
  /// Gets the good features, at most save_batch at a time. An error ends the reading and is handed back.
  using Sink = std::function<core::Result<>(City&& part)>;

  GeoJsonReader(GeoJsonOptions options, Sink sink);
  ~GeoJsonReader();

  /// The next piece of the file. False: there is no use in going on (see faults(), or the error of the sink).
  bool feed(std::string_view piece);
  /// After the last piece. Errors: those of the sink. Faults of the file are not errors here.
  core::Result<> finish();

  std::vector<GeoJsonFault> const& faults() const;
  std::int64_t features() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct GeoJsonImport {
  std::int64_t features = 0;
  Saved saved;
  std::vector<GeoJsonFault> faults;  ///< if there are any, nothing was saved
};

/// Reads the file twice: first to find every fault, then to save. So a file with a fault changes nothing, and
/// the same file a second time changes nothing either. Errors: those of the store; unavailable (the file
/// cannot be read again).
core::Result<GeoJsonImport> import_geojson(store::Db& db, std::istream& file, GeoJsonOptions const& options,
                                           Provenance const& from);

}  // namespace zhili::sense::places
