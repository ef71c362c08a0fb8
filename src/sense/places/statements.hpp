#pragma once
// A thing as what is said about it. Inside of places only.

#include <map>
#include <string>
#include <string_view>

#include "sense/places/places.hpp"

namespace zhili::sense::places {

/// Field → text. The parts of a Thing that are not in its `fields` are named class, name_zh, name_en, shape
/// and grid.
using Fields = std::map<std::string, std::string, std::less<>>;

Fields fields_of(Thing const& thing);
/// Errors: corrupt (the shape cannot be read).
core::Result<Thing> thing_of(Kind kind, std::string_view code, Fields const& fields);

std::string to_json(Fields const& fields);
/// Errors: corrupt.
core::Result<Fields> fields_from_json(std::string_view json);

/// Keeps the strongest statement of each field.
class Current {
 public:
  void hear(Statement statement);
  /// Without what was taken back.
  Fields fields() const;
  void clear() { best_.clear(); }
  bool empty() const { return best_.empty(); }

 private:
  // By field and source: what a source said last. What it took back leaves the field to the others.
  std::map<std::pair<std::string, std::string>, Statement> best_;
};

}  // namespace zhili::sense::places
