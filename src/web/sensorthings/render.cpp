#include "web/sensorthings/render.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sense/things/stored_observations.hpp"
#include "web/form.hpp"

namespace zhili::web::sensorthings {

namespace {

class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  std::string& next(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    write_text(out_, name);
    out_ += ':';
    return out_;
  }
  void text(std::string_view name, std::string_view value) { write_text(next(name), value); }
  void close() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

bool is_nothing(things::Content const& content) { return std::holds_alternative<std::monostate>(content); }

template <class List, class Each>
void write_list(std::string& out, List const& list, Each const& each) {
  out += '[';
  bool first = true;
  for (auto const& one : list) {
    if (!first) out += ',';
    first = false;
    each(one);
  }
  out += ']';
}

}  // namespace

void write_text(std::string& out, std::string_view text) {
  out += '"';
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

void Renderer::content(std::string& out, things::Content const& content) {
  if (auto const* const text = std::get_if<std::string>(&content)) return write_text(out, *text);
  if (auto const* const json = std::get_if<things::Json>(&content)) {
    out += json->text;
  } else if (auto const* const at = std::get_if<core::Instant>(&content)) {
    write_text(out, things::time_text(*at));
  } else if (auto const* const span = std::get_if<things::Span>(&content)) {
    write_text(out, span->end ? things::span_text(*span) : things::time_text(span->begin));
  } else {
    out += "null";
  }
}

std::string Renderer::self_link(things::EntityType type, things::Id id) const { return fmt::format("{}/{}({})", root_, things::entity(type).set, id); }

void Renderer::entity(std::string& out, things::Found const& found, things::Query const& query) const {
  auto const& kind = things::entity(found.type);
  auto const& select = query.select;
  auto const self = self_link(found.type, found.id);
  Members members(out);
  if (!select || select->id) {
    members.next("@iot.id") += std::to_string(found.id);
    members.text("@iot.selfLink", self);
  }
  for (std::size_t i = 0; i < kind.properties.size(); ++i) {
    auto const& property = kind.properties[i];
    if (select && std::ranges::find(select->properties, &property) == select->properties.end()) continue;
    // An observation without a resultTime says so (18-088, table 12).
    if (is_nothing(found.values[i]) && property.name != "resultTime") continue;
    if (is_nothing(found.values[i]) && found.type != things::EntityType::observation) continue;
    content(members.next(property.name), found.values[i]);
  }
  for (auto const& link : kind.links) {
    auto const expanded = std::ranges::find_if(found.expanded, [&](auto const& one) { return one.expand->link == &link; });
    bool const inlined = expanded != found.expanded.end();
    if (!inlined && (!select || std::ranges::find(select->links, &link) != select->links.end())) members.text(fmt::format("{}@iot.navigationLink", link.name), fmt::format("{}/{}", self, link.name));
    if (!inlined) continue;
    auto const& of = expanded->of;
    auto const& inner = expanded->expand->query;
    if (!link.many) {
      auto& to = members.next(link.name);
      if (of.entities.empty()) to += "null";
      else entity(to, of.entities.front(), inner);
      continue;
    }
    if (of.count) members.next(fmt::format("{}@iot.count", link.name)) += std::to_string(*of.count);
    auto& to = members.next(link.name);
    write_list(to, of.entities, [&](auto const& one) { entity(to, one, inner); });
    if (of.next) members.text(fmt::format("{}@iot.nextLink", link.name), next_link(*of.next, inner, fmt::format("{}({})/{}", kind.set, found.id, link.name)));
  }
  members.close();
}

std::string Renderer::next_link(things::After const& after, things::Query const& query, std::string_view path) const {
  auto out = fmt::format("{}/{}?", root_, path);
  for (auto const& [name, value] : query.written)
    if (name != "$skip" && name != "$skiptoken") out += fmt::format("{}={}&", name, percent_encode(value));
  return out + "$skiptoken=" + write_skip_token(after);
}

void Renderer::page_head(std::string& out, things::Collection const& collection, things::Query const& query, std::string_view path) const {
  out += '{';
  if (collection.count) out += fmt::format("\"@iot.count\":{},", *collection.count);
  if (collection.next) {
    out += "\"@iot.nextLink\":";
    write_text(out, next_link(*collection.next, query, path));
    out += ',';
  }
  out += "\"value\":";
}

void Renderer::collection(std::string& out, things::Collection const& collection, things::Query const& query, std::string_view path) const {
  page_head(out, collection, query, path);
  write_list(out, collection.entities, [&](auto const& one) { entity(out, one, query); });
  out += '}';
}

void Renderer::refs(std::string& out, things::Collection const& collection, things::Query const& query, std::string_view path) const {
  page_head(out, collection, query, path);
  write_list(out, collection.entities, [&](auto const& one) {
    out += "{\"@iot.selfLink\":";
    write_text(out, self_link(one.type, one.id));
    out += '}';
  });
  out += '}';
}

void Renderer::data_array(std::string& out, things::Collection const& collection, things::Query const& query, std::string_view path) const {
  auto const& kind = things::entity(things::EntityType::observation);
  std::vector<std::size_t> shown;
  bool const id = !query.select || query.select->id;
  for (std::size_t i = 0; i < kind.properties.size(); ++i)
    if (!query.select || std::ranges::find(query.select->properties, &kind.properties[i]) != query.select->properties.end()) shown.push_back(i);
  // One group for each datastream, in the order in which they come.
  std::vector<std::pair<things::Id, std::vector<things::Found const*>>> groups;
  for (auto const& found : collection.entities) {
    auto const stream = found.observation->datastream;
    auto group = std::ranges::find(groups, stream, [](auto const& one) { return one.first; });
    if (group == groups.end()) group = groups.insert(groups.end(), {stream, {}});
    group->second.push_back(&found);
  }
  page_head(out, collection, query, path);
  write_list(out, groups, [&](auto const& group) {
    out += "{\"Datastream@iot.navigationLink\":";
    write_text(out, self_link(things::EntityType::datastream, group.first));
    out += ",\"components\":[";
    if (id) out += "\"id\"";
    for (std::size_t k = 0; k < shown.size(); ++k) out += fmt::format("{}\"{}\"", id || k > 0 ? "," : "", kind.properties[shown[k]].name);
    out += fmt::format("],\"dataArray@iot.count\":{},\"dataArray\":", group.second.size());
    write_list(out, group.second, [&](auto const* found) {
      out += '[';
      if (id) out += std::to_string(found->id);
      for (std::size_t k = 0; k < shown.size(); ++k) {
        if (id || k > 0) out += ',';
        content(out, found->values[shown[k]]);
      }
      out += ']';
    });
    out += '}';
  });
  out += '}';
}

std::string Renderer::properties(things::Found const& found) {
  auto const& kind = things::entity(found.type);
  std::string out;
  Members members(out);
  for (std::size_t i = 0; i < kind.properties.size(); ++i)
    if (!is_nothing(found.values[i]) && !kind.properties[i].made) content(members.next(kind.properties[i].name), found.values[i]);
  members.close();
  return out;
}

}  // namespace zhili::web::sensorthings
