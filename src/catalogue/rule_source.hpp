#pragma once
// A rule as a pack writes it: carried unread from the pack to the reader of the rule language (catalogue/rules/).

#include <string>

#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// One entry of a section `rules:`. Every node knows its file, line and column, so that the language can say where a mistake is. A
/// pack that is read from the database has the same nodes: the text of a pack is what is kept.
struct RuleSource {
  std::string id;    ///< "ponding-deep"; unique in its pack, checked; unique in an installation, checked by Catalogue::make
  Node key;          ///< where the id stands
  Node body;         ///< a map; its keys are the language's own
  std::string pack;
  std::string pack_version;
};

}  // namespace zhili::catalogue
