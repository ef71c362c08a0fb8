#pragma once
// Inside of openness: what the published figures are, in words, and a row of them in a file.

#include <boost/json/fwd.hpp>
#include <map>
#include <string>
#include <vector>

#include "respond/open_figures/publisher.hpp"
#include "web/api/api.hpp"
#include "web/operation/shape.hpp"

namespace zhili::web {

/// What the open data are: figures with their definitions, the rule of small cells, months, licence, and what else there is. `base`: where
/// the client reached us.
boost::json::object open_data_json(std::vector<respond::open_figures::Month> const& months, std::string const& base, ApiParts const& parts);
Shape open_data_shape();
Shape open_row_shape();

/// Rows as a file has them, with the names that are in force now. Lives as long as what it is given.
class OpenRows {
 public:
  OpenRows(ApiParts const& parts, std::map<std::int64_t, core::Instant> published);

  void add_csv(std::string& out, respond::open_figures::PublishedRow const& row) const;
  void add_json(std::string& out, respond::open_figures::PublishedRow const& row) const;
  /// Lines above the table and its titles, so that a file says what it is wherever it goes.
  std::string csv_head(std::string const& base) const;

 private:
  struct Named;
  Named named(respond::open_figures::Row const& row) const;

  ApiParts const& parts_;
  std::shared_ptr<sense::places::PlaceIndex const> places_;
  std::map<std::int64_t, core::Instant> published_;
  std::map<std::string, core::Text, std::less<>> group_names_;
};

}  // namespace zhili::web
