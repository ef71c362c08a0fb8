#include <algorithm>
#include <charconv>

#include "web/open311/read.hpp"
#include "web/transport/ascii.hpp"
#include "web/utf8.hpp"

namespace zhili::web::open311 {

using core::Errc;
using core::Error;

namespace {

/// Reads one new request, and what is wrong with it into `errors`.
struct NewReader {
  Fields const& form;
  ServiceDefinition const& definition;
  NewRequest request = {};
  Errors errors = {};

  void wrong(std::string key, core::Text text, std::string field) {
    errors.push_back({Errc::invalid, std::move(key), std::move(text), std::move(field)});
  }

  std::string text(std::string const& name, std::size_t characters_max = field_max_characters) {
    auto value = plain_text(form.get(name).value_or(""));
    if (count_characters(value) > characters_max) {
      auto const most = std::to_string(characters_max);
      wrong("open311.too_long",
            {"过长：最多 " + most + " 个字符。", "Too long: at most " + most + " characters."}, name);
    }
    return value;
  }

  void place() {
    auto const lat = form.get("lat");
    auto const lon = form.get("long");
    request.address = text("address_string");
    request.address_id = text("address_id");
    if (lat || lon) {
      auto const at = read_place(lat.value_or(""), lon.value_or(""));
      if (!at) return errors.push_back(at.error());
      request.at = *at;
    } else if (request.address.empty() && request.address_id.empty()) {
      wrong("open311.no_place",
            {"缺少位置：请给出 lat 与 long，或 address_string，或 address_id。",
             "No place: give lat and long, or address_string, or address_id."},
            "lat");
    }
  }

  void media() {
    for (auto const url : form.all("media_url")) {
      auto const scheme = ascii::lower(url.substr(0, 8));
      bool const is_web = scheme.starts_with("http://") || scheme.starts_with("https://");
      bool good = is_web && url.size() <= media_url_max_bytes && url.size() > scheme.find("//") + 2;
      for (char const c : url) good = good && ascii::is_visible(c) && c != '<' && c != '>' && c != '"';
      if (!good) {
        wrong("open311.media_url",
              {"须为 http 或 https 网址。照片文件请用 multipart/form-data 上传。",
               "Must be an http or https address. Send photo files as multipart/form-data."},
              "media_url");
      } else {
        request.media_urls.emplace_back(url);
      }
    }
    auto const most = std::to_string(media_urls_max);
    if (request.media_urls.size() > media_urls_max)
      wrong("open311.media_urls", {"最多 " + most + " 个。", "At most " + most + "."}, "media_url");
  }

  /// Values come as attribute[CODE]=v or attribute[CODE][]=v, once or more often.
  std::vector<std::string> answers(Attribute const& attribute) {
    std::vector<std::string> out;
    auto const name = "attribute[" + attribute.code + "]";
    for (auto const& form_name : {name, name + "[]"})
      for (auto const value : form.all(form_name))
        if (auto clean = plain_text(value); !clean.empty()) out.push_back(std::move(clean));
    return out;
  }

  bool fits(Attribute const& attribute, std::string const& value) {
    switch (attribute.datatype) {
      case Datatype::number: {
        double number = 0;
        auto const* const end = value.data() + value.size();
        auto const read = std::from_chars(value.data(), end, number);
        return read.ec == std::errc{} && read.ptr == end;
      }
      case Datatype::datetime:
        return core::from_iso(value).has_value();
      case Datatype::singlevaluelist:
      case Datatype::multivaluelist:
        return std::any_of(attribute.values.begin(), attribute.values.end(),
                           [&](auto const& one) { return one.key == value; });
      case Datatype::string:
        return count_characters(value) <= field_max_characters;
      case Datatype::text:
        return count_characters(value) <= description_max_characters;
    }
    return false;
  }

  void attributes() {
    for (auto const& attribute : definition.attributes) {
      if (!attribute.variable) continue;
      auto values = answers(attribute);
      auto const field = "attribute[" + attribute.code + "]";
      if (values.empty()) {
        if (attribute.required) wrong("open311.attribute_missing", {"必填。", "Is required."}, field);
        continue;
      }
      if (values.size() > 1 && attribute.datatype != Datatype::multivaluelist)
        wrong("open311.attribute_many", {"只能有一个值。", "Takes one value only."}, field);
      for (auto const& value : values)
        if (!fits(attribute, value))
          wrong("open311.attribute_value",
                {"取值不符合此项的类型或可选值。",
                 "The value does not fit the type or the choices of this attribute."},
                field);
      request.attributes.emplace_back(attribute.code, std::move(values));
    }
  }

  void read() {
    request.service_code = definition.service_code;
    place();
    request.description = text("description", description_max_characters);
    request.first_name = text("first_name");
    request.last_name = text("last_name");
    request.email = text("email");
    request.phone = text("phone");
    request.device_id = text("device_id");
    request.account_id = text("account_id");
    media();
    attributes();
  }
};

}  // namespace

tl::expected<NewRequest, Errors> read_new_request(Fields const& form, ServiceDefinition const& definition) {
  NewReader reader{.form = form, .definition = definition};
  reader.read();
  if (!reader.errors.empty()) return tl::unexpected(std::move(reader.errors));
  return std::move(reader.request);
}

}  // namespace zhili::web::open311
