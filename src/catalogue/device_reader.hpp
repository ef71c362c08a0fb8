#pragma once
// The sections of a pack about devices: observed properties, types of devices, dashboards, and rules, which rules/ reads.

#include <optional>
#include <string>
#include <vector>

#include "catalogue/report.hpp"
#include "catalogue/section_reader.hpp"
#include "catalogue/types.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// Reads them in passes over all files of a pack, because each may name what another file declares.
class DeviceReader {
 public:
  /// `below`: the packs that this one needs, whose properties, types, functions and rules it may name.
  DeviceReader(Pack& pack, std::vector<Pack const*> below, SectionReader& sections, Report& report)
      : pack_(pack), below_(std::move(below)), sections_(sections), report_(report) {}

  void read(std::vector<Node> const& files);
  /// Once the pack's items are read: whether components, functions and the register's rules are there.
  void check(std::vector<Node> const& files);

 private:
  void property(Node const& key, Node const& node);
  void type(Node const& key, Node const& node);
  std::optional<StreamType> stream(Node const& key, Node const& node);
  void limits(Node const& key, Node const& node, StreamType& stream);
  void lasting(Node const& node, StreamType& stream);
  CommandType command(Node const& key, Node const& node, DeviceType const& type);
  CommandParameter parameter(Node const& key, Node const& node);
  void dashboard(Node const& key, Node const& node);
  Panel panel(Node const& node);
  void registered(Node const& file);
  void rules();

  ObservedPropertyDef const* property_of(std::string_view id) const;
  DeviceType const* type_of(std::string_view id) const;
  bool has_rule(std::string_view id) const;
  /// False, with a finding, where a pack below has one of that id.
  bool is_free(Node const& key, Pack const* taken_by);
  template <class Known>
  void none(Node const& at, char const* key, core::Text const& what, Known const& known);

  Pack& pack_;
  std::vector<Pack const*> below_;
  SectionReader& sections_;
  Report& report_;
};

}  // namespace zhili::catalogue
