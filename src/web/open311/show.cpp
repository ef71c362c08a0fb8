#include "web/open311/show.hpp"

#include "core/time.hpp"
#include "web/photo/keeping.hpp"

namespace zhili::web::open311 {

namespace {

constexpr std::string_view specification = "http://wiki.open311.org/GeoReport_v2";

std::string_view type_name(ServiceType type) {
  switch (type) {
    case ServiceType::realtime:
      return "realtime";
    case ServiceType::batch:
      return "batch";
    case ServiceType::blackbox:
      return "blackbox";
  }
  return "";
}

std::string_view datatype_name(Datatype type) {
  switch (type) {
    case Datatype::string:
      return "string";
    case Datatype::number:
      return "number";
    case Datatype::datetime:
      return "datetime";
    case Datatype::text:
      return "text";
    case Datatype::singlevaluelist:
      return "singlevaluelist";
    case Datatype::multivaluelist:
      return "multivaluelist";
  }
  return "";
}

std::string joined(std::vector<std::string> const& words) {
  std::string out;
  for (auto const& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

std::string photo_url(std::string const& base, std::string const& name) {
  return base + photo_path(name);
}

void show_place(Node& node, std::optional<core::LatLon> const& at) {
  if (at) {
    node.degrees("lat", at->lat_e7).degrees("long", at->lon_e7);
  } else {
    node.null("lat").null("long");
  }
}

void show_details(Node& node, Found const& found, std::string const& base) {
  auto& attributes = node.add(Node::list("attributes"));
  for (auto const& a : found.attributes) {
    auto& one = attributes.add(Node::object("attribute"));
    one.text("label", a.label).text("name", a.name).text("value", a.value).text("code", a.code);
  }
  auto& extended = node.add(Node::object("extended_attributes"));
  extended.text("channel", found.channel);
  auto& photos = extended.add(Node::list("photos"));
  for (auto const& name : found.photos)
    photos.add(Node::object("photo")).text("media_url", photo_url(base, name));
  for (auto const& url : found.media_urls) photos.add(Node::object("photo")).text("media_url", url);
  auto& notes = node.add(Node::list("notes"));
  for (auto const& note : found.notes) {
    auto& one = notes.add(Node::object("note"));
    one.text("datetime", core::to_iso(note.at)).text("description", note.description).text("type", note.type);
  }
}

/// The request with everything taken out that is not public yet.
Found public_part(Found const& found) {
  if (found.released && !found.place_withheld) return found;
  if (found.released) {
    auto out = found;
    out.at = found.grid_centre;
    out.address = out.address_id = out.zipcode = {};
    return out;
  }
  Found out;
  out.service_request_id = found.service_request_id;
  out.closed = found.closed;
  out.service_code = found.service_code;
  out.service_name = found.service_name;
  out.requested_at = found.requested_at;
  out.updated_at = found.updated_at;
  out.expected_at = found.expected_at;
  out.at = found.grid_centre;
  return out;
}

}  // namespace

Node show_discovery(Options const& options, std::string const& base) {
  auto node = Node::object("discovery");
  node.text("changeset", core::to_iso(options.changed));
  node.text("contact", options.contact);
  node.text("key_service", options.key_service);
  auto& endpoint = node.add(Node::list("endpoints")).add(Node::object("endpoint"));
  endpoint.text("specification", std::string(specification));
  endpoint.text("url", base + "/open311/v2");
  endpoint.text("changeset", core::to_iso(options.changed));
  endpoint.text("type", options.is_test ? "test" : "production");
  auto& formats = endpoint.add(Node::list("formats"));
  formats.item("format", "text/xml");
  formats.item("format", "application/json");
  return node;
}

Node show_services(std::vector<Service> const& services) {
  auto node = Node::list("services");
  for (auto const& service : services) {
    auto& one = node.add(Node::object("service"));
    one.text("service_code", service.code).text("service_name", service.name);
    one.text("description", service.description).boolean("metadata", service.has_attributes);
    one.text("type", std::string(type_name(service.type))).text("keywords", joined(service.keywords));
    one.text("group", service.group);
  }
  return node;
}

Node show_definition(ServiceDefinition const& definition) {
  auto node = Node::object("service_definition");
  node.text("service_code", definition.service_code);
  auto& attributes = node.add(Node::list("attributes"));
  std::int64_t order = 0;
  for (auto const& attribute : definition.attributes) {
    auto& one = attributes.add(Node::object("attribute"));
    one.boolean("variable", attribute.variable).text("code", attribute.code);
    one.text("datatype", std::string(datatype_name(attribute.datatype)))
        .boolean("required", attribute.required);
    one.text("datatype_description", attribute.datatype_description).integer("order", ++order);
    one.text("description", attribute.description);
    auto& values = one.add(Node::list("values"));
    for (auto const& value : attribute.values)
      values.add(Node::object("value")).text("key", value.key).text("name", value.name);
  }
  return node;
}

Node show_created(Created const& created) {
  auto node = Node::list("service_requests");
  auto& one = node.add(Node::object("request"));
  if (!created.service_request_id.empty()) {
    one.text("service_request_id", created.service_request_id);
  } else if (!created.token.empty()) {
    one.text("token", created.token);
  }
  one.text("service_notice", created.service_notice).text("account_id", created.account_id);
  return node;
}

Node show_token(std::string const& token, std::string const& id) {
  auto node = Node::list("service_requests");
  node.add(Node::object("request")).text("service_request_id", id).text("token", token);
  return node;
}

Node show_requests(std::vector<Found> const& all, std::string const& base, bool extensions) {
  auto node = Node::list("service_requests");
  for (auto const& inside : all) {
    if (inside.is_private) continue;
    auto const found = public_part(inside);
    auto const media = !found.photos.empty()      ? photo_url(base, found.photos.front())
                       : !found.media_urls.empty() ? found.media_urls.front()
                                                   : std::string();
    auto& one = node.add(Node::object("request"));
    one.text("service_request_id", found.service_request_id).text("status", found.closed ? "closed" : "open");
    one.text("status_notes", found.status_notes).text("service_name", found.service_name);
    one.text("service_code", found.service_code).text("description", found.description);
    one.text("agency_responsible", found.agency_responsible).text("service_notice", found.service_notice);
    one.text("requested_datetime", core::to_iso(found.requested_at));
    one.text("updated_datetime", core::to_iso(found.updated_at));
    one.text("expected_datetime", found.expected_at ? core::to_iso(*found.expected_at) : "");
    one.text("address", found.address).text("address_id", found.address_id).text("zipcode", found.zipcode);
    show_place(one, found.at);
    one.text("media_url", media);
    if (extensions) show_details(one, found, base);
  }
  return node;
}

Node show_updates(std::vector<Update> const& updates, std::string const& base) {
  auto node = Node::list("service_request_updates");
  for (auto const& update : updates) {
    auto& one = node.add(Node::object("request_update"));
    one.text("update_id", update.update_id).text("service_request_id", update.service_request_id).text("status", update.status);
    one.text("updated_datetime", core::to_iso(update.updated_at)).text("description", update.description);
    one.text("media_url", update.photos.empty() ? "" : photo_url(base, update.photos.front()));
    if (update.photos.empty()) continue;
    auto& media = one.add(Node::list("media_urls"));
    for (auto const& photo : update.photos) media.item("media_url", photo_url(base, photo));
  }
  return node;
}

Node show_heard(std::string const& update_id) {
  auto node = Node::list("service_request_updates");
  node.add(Node::object("request_update")).text("update_id", update_id);
  return node;
}

int open311_status(core::Error const& error) {
  switch (error.code) {
    case core::Errc::not_found:
      return 404;
    case core::Errc::forbidden:
      return 403;
    case core::Errc::busy:
    case core::Errc::unavailable:
      return 503;
    case core::Errc::corrupt:
    case core::Errc::internal:
      return 500;
    default:
      return 400;
  }
}

Node show_errors(std::span<core::Error const> errors, core::Lang lang) {
  auto node = Node::list("errors");
  for (auto const& error : errors) {
    auto& one = node.add(Node::object("error"));
    one.integer("code", open311_status(error));
    auto const& text = core::in(lang, error.text);
    one.text("description", error.field.empty() ? text : error.field + ": " + text);
  }
  return node;
}

}  // namespace zhili::web::open311
