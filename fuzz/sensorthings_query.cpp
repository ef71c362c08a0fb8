// The language of SensorThings' URLs with anything in it: read or refused with words in both languages and a field; what is read becomes
// SQL that the database prepares and runs. The first line is a resource path, each other one `option=value`.
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "sense/things/reading.hpp"
#include "store/db.hpp"
#include "web/sensorthings/url.hpp"

namespace {

using namespace zhili;
namespace things = sense::things;

core::ManualTime const fuzz_time{core::from_ms(1'763'712'000'000)};

/// Empty, made once, and gone with the process's folder for temporary files.
store::Db& database() {
  static auto const& db = *new std::unique_ptr<store::Db>([] {
    char name[] = "/tmp/zhili-fuzz-XXXXXX";
    if (mkdtemp(name) == nullptr) std::abort();
    auto opened = store::Db::open({.url = std::string("sqlite:") + name, .readers = 1}, fuzz_time);
    if (!opened) std::abort();
    return std::move(*opened);
  }());
  return *db;
}

void check_error(core::Error const& error) {
  if (error.text.zh.empty() || error.text.en.empty() || error.key.empty()) std::abort();
  if (error.code == core::Errc::internal || error.code == core::Errc::corrupt) std::abort();
}

void run(things::EntityType type, things::Query const& query) {
  if (type == things::EntityType::observation) return;  // no store of observations here
  auto const listed = database().read([&](store::Reader& reader) -> core::Result<> {
    things::ReadingParts const parts{.viewer = {.staff = query.skip % 2 == 0}};
    things::Reading reading(reader, parts);
    auto const found = reading.list(type, std::nullopt, query);
    if (!found) return core::fail(found.error());
    if (!found->entities.empty()) std::abort();
    return {};
  });
  if (!listed) check_error(listed.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view text(reinterpret_cast<char const*>(data), size);
  auto const line = [&] {
    auto const end = text.find('\n');
    auto const out = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return out;
  };
  auto const path = web::sensorthings::read_path(line());
  if (!path) {
    check_error(path.error());
    return 0;
  }
  if (path->steps.empty()) std::abort();
  web::Fields options;
  while (!text.empty()) {
    auto const option = line();
    auto const equals = option.find('=');
    if (equals != std::string_view::npos) options.add(std::string(option.substr(0, equals)), std::string(option.substr(equals + 1)));
  }
  auto const type = path->entity().type;
  auto const query = web::sensorthings::read_query(type, options, fuzz_time.now());
  if (!query) {
    check_error(query.error());
    if (query.error().field.empty()) std::abort();
    return 0;
  }
  if (query->after) {  // what was read is written and read again
    auto const again = web::sensorthings::read_skip_token(web::sensorthings::write_skip_token(*query->after));
    if (!again || again->id != query->after->id || again->keys.size() != query->after->keys.size()) std::abort();
  }
  run(type, *query);
  return 0;
}
