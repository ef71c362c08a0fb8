#pragma once
// Small YAML files beside packs: the same reader, and findings turned into one error.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "catalogue/report.hpp"
#include "catalogue/yaml.hpp"
#include "core/result.hpp"

namespace zhili::catalogue {

/// A file's tree with what is wrong in it.
struct PlainYaml {
  Node root;
  std::vector<Finding> findings;
};

/// Errors: not_found. Findings of the text itself are in `findings`.
core::Result<PlainYaml> read_plain(std::filesystem::path const& file);

/// Nothing where there are no findings, else one error with all of them in `detail`.
core::Result<> as_error(std::filesystem::path const& file, std::vector<Finding> const& findings);

/// A finding for each key of `map` that is not in `known`.
void only_known(Node const& map, std::vector<std::string> const& known, Report& report);

/// The text under a key that must be there.
std::string need_text(Node const& map, char const* key, Report& report);

/// key → text of a map of words.
std::map<std::string, std::string, std::less<>> word_map(Node const* map, Report& report);

}  // namespace zhili::catalogue
