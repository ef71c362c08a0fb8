#include <fmt/format.h>

#include <charconv>

#include "web/sensorthings/url.hpp"

namespace zhili::web::sensorthings {

using core::Errc;
using core::fail;

namespace {

auto nothing_there(std::string_view what) {
  return fail(Errc::not_found, "sensorthings.path", {fmt::format("没有“{}”这个资源。", what), fmt::format("There is no resource \"{}\".", what)});
}

core::Result<things::Id> read_id(std::string_view text) {
  things::Id out = 0;
  auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc{} && stop == text.data() + text.size() && !text.empty()) return out;
  return fail(Errc::not_found, "sensorthings.id", {fmt::format("编号须是整数，而这是“{}”。", text), fmt::format("An id is a whole number, and this is \"{}\".", text)});
}

struct Segment {
  std::string_view name;
  std::optional<things::Id> id;
};

core::Result<Segment> read_segment(std::string_view text) {
  auto const open = text.find('(');
  if (open == std::string_view::npos) return Segment{text, {}};
  if (!text.ends_with(')')) return nothing_there(text);
  ZHILI_TRY(auto const id, read_id(text.substr(open + 1, text.size() - open - 2)));
  return Segment{text.substr(0, open), id};
}

/// What can stand after an entity: one of its links or one of its properties.
core::Result<> read_after(ResourcePath& out, Segment const& segment, std::string_view text) {
  auto const& here = *out.steps.back().entity;
  if (out.steps.back().many()) return nothing_there(text);
  if (auto const* const link = here.link(segment.name)) {
    if (segment.id && !link->many) return nothing_there(text);
    if (out.steps.size() >= path_steps_max)
      return fail(Errc::limit, "sensorthings.path_steps", {fmt::format("路径最多 {} 段。", path_steps_max), fmt::format("A path has at most {} steps.", path_steps_max)});
    out.steps.push_back({&things::entity(link->to), link, segment.id});
    return {};
  }
  if (segment.id) return nothing_there(text);
  if (segment.name == "id" || segment.name == "@iot.id") {
    out.own_id = true;
    return {};
  }
  out.property = here.property(segment.name);
  return out.property != nullptr ? core::Result<>{} : nothing_there(text);
}

}  // namespace

core::Result<ResourcePath> read_path(std::string_view text) {
  ResourcePath out;
  bool more = true;
  while (more) {
    auto const slash = text.find('/');
    more = slash != std::string_view::npos;
    auto const part = text.substr(0, slash);
    text.remove_prefix(more ? slash + 1 : text.size());
    bool const property = out.property != nullptr || out.own_id;
    if (part.empty() || out.value || out.ref) return nothing_there(part);
    if (out.steps.empty()) {
      ZHILI_TRY(auto const segment, read_segment(part));
      auto const* const found = things::entity_of_set(segment.name);
      if (found == nullptr) return nothing_there(part);
      out.steps.push_back({found, nullptr, segment.id});
    } else if (part == "$value" && property) {
      out.value = true;
    } else if (part == "$ref" && !property) {
      out.ref = true;
    } else if (out.property != nullptr) {
      bool const deep = out.property->kind != things::Kind::text && out.property->kind != things::Kind::instant && out.property->kind != things::Kind::interval;
      if (!deep || out.keys.size() >= things::path_keys_max) return nothing_there(part);
      out.keys.emplace_back(part);
    } else {
      ZHILI_TRY(auto const segment, read_segment(part));
      ZHILI_CHECK(read_after(out, segment, part));
    }
  }
  return out;
}

}  // namespace zhili::web::sensorthings
