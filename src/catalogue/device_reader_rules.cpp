// Rules are read where everything that they may name is known.

#include "catalogue/device_reader.hpp"
#include "catalogue/rules/reader.hpp"

namespace zhili::catalogue {

/// The language has its own reader; here it is only told what may be named.
void DeviceReader::rules() {
  rules::Vocabulary vocabulary;
  std::vector<Pack const*> all = below_;
  all.push_back(&pack_);
  for (auto const* pack : all) {
    for (auto const& one : pack->properties) vocabulary.properties.push_back(&one);
    for (auto const& one : pack->device_types) vocabulary.types.push_back(&one);
  }
  vocabulary.opens = [&](std::string_view item, std::string_view condition) {
    for (auto const* pack : all)
      for (auto const& one : pack->items)
        if (one.code == item && (condition.empty() || one.condition(condition) != nullptr)) return true;
    return false;
  };
  for (auto const& rule : pack_.rules) rules::read_rule(rule, vocabulary, report_.findings());
}

}  // namespace zhili::catalogue
