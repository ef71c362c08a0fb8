#pragma once
// A whole pack, from its files to its types.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/finding.hpp"
#include "catalogue/source.hpp"
#include "catalogue/types.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// A pack with the trees of its items, which lower levels are written over.
struct Draft {
  Pack pack;
  std::map<std::string, Node> items;  ///< everything filled in
  std::vector<Draft const*> below;    ///< what it needs, and what that needs; each once
};

/// The draft of a needed pack ("" is any version), or null.
using FindDraft = std::function<Draft const*(std::string const& pack, std::string const& version)>;

/// What was checked when it was loaded need not be held against the schema at every start.
enum class FormCheck : std::uint8_t { against_schema, none };

/// Reads and checks everything; a draft comes back even with findings, with what could be understood.
/// `folder` is the name that the pack should have, or empty.
Draft read_draft(Source const& source, std::string const& folder, FindDraft const& find,
                 std::vector<Finding>& findings, FormCheck form = FormCheck::against_schema);

/// The packs that a pack.yaml needs, with exact version or "".
std::vector<std::pair<std::string, std::string>> needs_of(Source const& source);

}  // namespace zhili::catalogue
