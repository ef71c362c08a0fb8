#include "web/open311/request_digest.hpp"

#include "store/digest.hpp"

namespace zhili::web::open311 {

std::string request_digest(NewRequest const& request) {
  std::string bytes;
  // Each part with its length before it: no two different requests give the same bytes.
  auto const add = [&](std::string_view part) {
    bytes += std::to_string(part.size());
    bytes += ':';
    bytes += part;
  };
  add(request.key_holder);
  add(request.service_code);
  add(request.at ? std::to_string(request.at->lat_e7) + "," + std::to_string(request.at->lon_e7) : "");
  for (auto const* text :
       {&request.address, &request.address_id, &request.description, &request.first_name, &request.last_name,
        &request.email, &request.phone, &request.device_id, &request.account_id})
    add(*text);
  for (auto const& [code, values] : request.attributes) {
    add(code);
    add(std::to_string(values.size()));
    for (auto const& value : values) add(value);
  }
  add("media");
  for (auto const& url : request.media_urls) add(url);
  add("photos");
  for (auto const& photo : request.photos) add(photo.name);
  return store::to_hex(store::sha256(bytes));
}

std::string sent_as(std::string_view api_key, std::string_view own_id) {
  return store::to_hex(store::sha256("open311 request " + std::to_string(api_key.size()) + ":" + std::string(api_key) + std::string(own_id)));
}

}  // namespace zhili::web::open311
