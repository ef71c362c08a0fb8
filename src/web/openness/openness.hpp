#pragma once
// What is published for everybody: feeds of cases, the register of algorithms, and figures as open data.

#include "web/api/api.hpp"
#include "web/operation/operation.hpp"

namespace zhili::web {

/// GET /api/v1/feeds/cases.json (JSON Feed 1.1) and /api/v1/feeds/cases.rss (RSS 2.0): the newest cases that everybody may see,
/// with the filters of the list of cases, so that a street or an item can be followed without an account.
void mount_feeds(Operations& operations, ApiParts const& parts);

/// GET /api/v1/algorithms: the register of everything by which the program acts or suggests, from the packs in force.
void mount_algorithms(Operations& operations, ApiParts const& parts);

/// GET /api/v1/open-data says what there is; /api/v1/open-data/figures.csv and .json give the published figures
/// (respond/open_figures), streamed.
void mount_open_data(Operations& operations, ApiParts const& parts);

}  // namespace zhili::web
