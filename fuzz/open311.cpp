// Whatever clients send to Open311 is read without harm; whatever texts are shown, the answer is ASCII, and
// its JSON reads back as the same texts.
#include <boost/json.hpp>
#include <cstdlib>
#include <string>
#include <string_view>

#include "web/form.hpp"
#include "web/open311/read.hpp"
#include "web/open311/show.hpp"
#include "web/utf8.hpp"

namespace {

using namespace zhili;
using namespace zhili::web::open311;

ServiceDefinition const definition{
    "0102",
    {{.code = "A", .required = true},
     {.code = "N", .datatype = Datatype::number},
     {.code = "T", .datatype = Datatype::datetime},
     {.code = "M", .datatype = Datatype::multivaluelist, .values = {{"x", "X"}, {"y", "Y"}}}}};

void check_ascii(std::string const& text) {
  for (char const c : text)
    if (c != '\n' && c != '\t' && (c < 0x20 || c > 0x7E)) std::abort();
}

void check_shown(std::string const& text) {
  Found found;
  found.service_request_id = "1";
  found.released = true;
  found.description = text;
  auto const node = show_requests({found}, "https://city.example", true);
  check_ascii(node.write(Format::xml));
  auto const json = node.write(Format::json);
  check_ascii(json);
  auto const read = boost::json::parse(json);
  auto const& shown = read.at(0).at("description");
  if (web::is_clean_utf8(text) && !text.empty() && std::string_view(shown.as_string()) != text) std::abort();
}

template <class Read>
void check_faults(Read const& read) {
  if (!read) check_ascii(show_errors(read.error(), core::Lang::zh).write(Format::xml));
}

void check_updates(web::Fields const& form, core::Instant now) {
  auto const update = read_new_update(form);
  check_faults(update);
  if (update && (update->update_id.empty() || update->service_request_id.empty() || update->description.find('\r') != std::string::npos)) std::abort();
  auto const query = read_updates_query(form, now);
  check_faults(query);
  if (query && query->from > query->to) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string const text(reinterpret_cast<char const*>(data), size);
  check_shown(text);
  auto const form = web::parse_form(text);
  if (!form) return 0;
  auto const now = core::from_iso("2026-07-12T08:00:00Z").value();
  auto const query = read_query(*form, now);
  if (query) {
    if (query->limit == 0 || query->limit > page_size_max) std::abort();
    if (query->ids.empty() && query->to - query->from > std::chrono::days(range_max_days)) std::abort();
  }
  check_faults(query);
  check_updates(*form, now);
  auto const wanted = read_new_request(*form, definition);
  if (wanted) {
    if (wanted->description.find('\r') != std::string::npos) std::abort();
    if (!wanted->at && wanted->address.empty() && wanted->address_id.empty()) std::abort();
  }
  return 0;
}
