#pragma once
// Places from GeoJSON (RFC 7946): what a survey office or a map editor hands over. README.md lists the
// properties.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
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
  std::int64_t feature = 0;  ///< from 1; 0: the file itself, which is not read any further
  std::string property;      ///< "code", "geometry", …
  Text text;                 ///< what is wrong and how to mend it
  std::string source = {};   ///< the feature as JSON; empty where there is none, or it was too large to read
};

/// Reads a FeatureCollection piece by piece. Memory: one batch of features, however long the file.
class GeoJsonReader {
 public:
  /// Gets the good features, at most save_batch at a time. An error ends the reading and is handed back.
  using Sink = std::function<core::Result<>(City&& part)>;
  /// Gets each fault as it is found. A bad feature is left out, and reading goes on.
  using Faults = std::function<void(GeoJsonFault&&)>;

  GeoJsonReader(GeoJsonOptions options, Sink sink, Faults faults);
  ~GeoJsonReader();

  /// The next piece of the file. False: there is no use in going on (the file is broken, or the sink failed).
  bool feed(std::string_view piece);
  /// After the last piece; hands over what is left. Errors: those of the sink. Faults of the file are not errors here.
  core::Result<> finish();

  std::int64_t features() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Fills the span from its front and says how much; 0 at the end.
using GeoJsonPieces = std::function<core::Result<std::size_t>(std::span<char>)>;
/// Begins to read the file; called twice.
using GeoJsonFile = std::function<core::Result<GeoJsonPieces>()>;

struct GeoJsonImport {
  std::int64_t features = 0;  ///< read so far in this pass
  std::int64_t faults = 0;
  bool broken = false;  ///< the file itself: nothing was saved
  Saved saved;
};

/// Reads the file twice: first to find every fault, then to save what is good. So a file that is broken, or says too late
/// which datum it has, changes nothing; a bad feature is left out and told of. The same file a second time changes
/// nothing. `done` is kept up to date on the way. Errors: those of the store and of the file.
core::Result<> import_geojson(store::Db& db, GeoJsonFile const& file, GeoJsonOptions const& options,
                              Provenance const& from, GeoJsonReader::Faults const& on_fault, GeoJsonImport& done);

}  // namespace zhili::sense::places
