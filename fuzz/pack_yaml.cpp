// A pack with anything in it is read or refused with findings that say where; never more than promised, never
// a crash.
#include <cstdlib>
#include <string_view>

#include "catalogue/pack_reader.hpp"
#include "catalogue/schema.hpp"
#include "catalogue/source.hpp"
#include "catalogue/yaml.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  using namespace zhili::catalogue;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  std::vector<Finding> findings;
  auto const root = read_yaml(text, "pack.yaml", findings);
  check_schema(root, true, findings);
  if (findings.size() > max_findings + 1) std::abort();
  for (auto const& f : findings)
    if (f.line < 0 || f.key.empty() || f.what.zh.empty() || f.what.en.empty() || f.mend.zh.empty() ||
        f.mend.en.empty())
      std::abort();
  // The whole pack, as far as it can be understood: what is wrong is a finding at a place.
  std::vector<Finding> of_pack;
  Source whole;
  whole.files["pack.yaml"] = std::string(text);
  auto const draft = read_draft(whole, "", [](auto const&, auto const&) { return nullptr; }, of_pack);
  if (of_pack.size() > max_findings + 1) std::abort();
  for (auto const& type : draft.pack.device_types)
    for (auto const& stream : type.streams)
      if (stream.property.empty() || (stream.range && !(stream.range->low < stream.range->high))) std::abort();
  // What is kept in the database comes back as it went in.
  Source source;
  source.files["pack.yaml"] = std::string(text);
  if (findings.empty() && Source::from_json(source.to_json()).files != source.files) std::abort();
  Source::from_json(text);
  return 0;
}
