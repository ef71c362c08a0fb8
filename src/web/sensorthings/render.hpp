#pragma once
// Entities as JSON (18-088, 9.2), written straight into text: what is stored as JSON goes out as it stands.

#include <string>
#include <string_view>

#include "sense/things/reading.hpp"
#include "web/sensorthings/url.hpp"

namespace zhili::web::sensorthings {

class Renderer {
 public:
  /// `root`: of the service, without a slash at the end: "https://…/sensorthings/v1.1".
  explicit Renderer(std::string root) : root_(std::move(root)) {}

  void entity(std::string& out, things::Found const& found, things::Query const& query) const;
  /// `path`: of the collection, below the root, for the link to its next page.
  void collection(std::string& out, things::Collection const& collection, things::Query const& query, std::string_view path) const;
  void refs(std::string& out, things::Collection const& collection, things::Query const& query, std::string_view path) const;
  void data_array(std::string& out, things::Collection const& collection, things::Query const& query, std::string_view path) const;
  std::string self_link(things::EntityType type, things::Id id) const;

  /// The value of one property as JSON; "null".
  static void content(std::string& out, things::Content const& content);
  /// The own properties alone, for patches.
  static std::string properties(things::Found const& found);

 private:
  void page_head(std::string& out, things::Collection const& collection, things::Query const& query, std::string_view path) const;
  std::string next_link(things::After const& after, things::Query const& query, std::string_view path) const;
  std::string root_;
};

/// A text as JSON, with its quotes.
void write_text(std::string& out, std::string_view text);

}  // namespace zhili::web::sensorthings
