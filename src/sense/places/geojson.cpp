// The file as a stream of features: the parser calls back for each piece of JSON, and a value is built only
// for the feature that is being read.
#include "sense/places/geojson.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

#include "sense/places/geojson_feature.hpp"

namespace zhili::sense::places {
namespace {

namespace json = boost::json;
using Code = boost::system::error_code;

Code stop() {
  return make_error_code(boost::system::errc::operation_canceled);
}

/// What the parser calls. Depth 1 is the collection, 2 its list of features, 3 a feature.
struct Handler {
  // The parser's own limits count the list of features too; a feature is bounded by its bytes.
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = geojson_text_bytes_max;
  static constexpr std::size_t max_string_size = std::size_t(-1);

  std::function<bool(json::value&&)> on_feature;
  std::function<bool(std::string_view, std::string_view)> on_member;  // a text member of the collection
  std::function<void()> on_too_large;

  json::value_stack stack;
  std::size_t depth = 0;
  std::size_t feature_bytes = 0;
  std::string text, member;  // of the collection
  bool in_features = false;  // the member "features" is open
  bool seen_features = false;
  bool is_object = false;

  bool building() const { return in_features && depth >= 3; }
  bool grow(std::size_t bytes, Code& ec) {
    feature_bytes += bytes;
    if (feature_bytes <= geojson_feature_bytes_max) return true;
    on_too_large();
    ec = stop();
    return false;
  }
  /// A value in the list that is no object is a feature of its own, and a wrong one.
  template <class Push>
  bool leaf(std::size_t bytes, Code& ec, Push&& push) {
    if (in_features && depth == 2) {
      stack.reset();
      push();
      return take(ec);
    }
    if (!building()) return true;
    if (!grow(bytes, ec)) return false;
    push();
    return true;
  }
  bool take(Code& ec) {
    if (on_feature(stack.release())) return true;
    ec = stop();
    return false;
  }
  bool open(Code& ec) {
    ++depth;
    if (in_features && depth == 3) {
      stack.reset();
      feature_bytes = 0;
    }
    return !building() || grow(16, ec);
  }
  template <class Push>
  bool close(Code& ec, Push&& push) {
    bool const built = building();
    if (built) push();
    --depth;
    return !built || depth != 2 || take(ec);
  }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code& ec) {
    if (depth == 0) is_object = true;
    return open(ec);
  }
  bool on_object_end(std::size_t n, Code& ec) {
    return close(ec, [&] { stack.push_object(n); });
  }
  bool on_array_begin(Code& ec) {
    if (depth == 1 && is_object && member == "features") in_features = seen_features = true;
    return open(ec);
  }
  bool on_array_end(std::size_t n, Code& ec) {
    bool const good = close(ec, [&] { stack.push_array(n); });
    if (depth == 1) in_features = false;
    return good;
  }
  bool on_key_part(json::string_view s, std::size_t, Code& ec) {
    if (depth == 1) text += std::string_view(s);
    if (!building()) return true;
    stack.push_chars(s);
    return grow(s.size(), ec);
  }
  bool on_key(json::string_view s, std::size_t, Code& ec) {
    if (depth == 1) {
      member = text + std::string(s);
      text.clear();
    }
    if (!building()) return true;
    stack.push_key(s);
    return grow(s.size() + 16, ec);
  }
  bool on_string_part(json::string_view s, std::size_t, Code& ec) {
    if (depth == 1 && text.size() < geojson_text_bytes_max) text += std::string_view(s);
    if (in_features && depth == 2) return true;  // a text among the features: what it says does not matter
    if (!building()) return true;
    stack.push_chars(s);
    return grow(s.size(), ec);
  }
  bool on_string(json::string_view s, std::size_t, Code& ec) {
    if (depth == 1) {
      text += std::string_view(s);
      bool const good = on_member(member, text);
      text.clear();
      if (!good) ec = stop();
      return good;
    }
    return leaf(s.size() + 16, ec,
                [&] { stack.push_string(in_features && depth == 2 ? json::string_view() : s); });
  }
  bool on_number_part(json::string_view, Code&) { return true; }
  bool on_int64(std::int64_t v, json::string_view, Code& ec) {
    return leaf(16, ec, [&] { stack.push_int64(v); });
  }
  bool on_uint64(std::uint64_t v, json::string_view, Code& ec) {
    return leaf(16, ec, [&] { stack.push_uint64(v); });
  }
  bool on_double(double v, json::string_view, Code& ec) {
    return leaf(16, ec, [&] { stack.push_double(v); });
  }
  bool on_bool(bool v, Code& ec) {
    return leaf(16, ec, [&] { stack.push_bool(v); });
  }
  bool on_null(Code& ec) {
    return leaf(16, ec, [&] { stack.push_null(); });
  }
  bool on_comment_part(json::string_view, Code&) { return true; }
  bool on_comment(json::string_view, Code&) { return true; }
};

json::parse_options parse_options() {
  json::parse_options o;
  o.max_depth = geojson_depth_max;
  return o;
}

}  // namespace

struct GeoJsonReader::State {
  GeoJsonOptions options;
  Sink sink;
  json::basic_parser<Handler> parser{parse_options()};
  std::optional<core::Datum> datum;
  Faults faults;
  std::int64_t features = 0;
  std::size_t waiting = 0;  // features in `part`
  std::size_t bytes = 0;
  bool ended = false;
  City part;
  core::Result<> outcome;

  State(GeoJsonOptions o, Sink s, Faults f)
      : options(std::move(o)), sink(std::move(s)), datum(options.datum), faults(std::move(f)) {
    part.scheme = options.scheme;
    auto& h = parser.handler();
    h.on_feature = [this](json::value&& v) { return feature(v); };
    h.on_member = [this](std::string_view name, std::string_view text) { return member(name, text); };
    h.on_too_large = [this] {
      fault(0, "geometry",
            {fmt::format("第 {} 个要素超过 {} MB。请拆成几个，或减少点数。", features + 1, geojson_feature_bytes_max >> 20),
             fmt::format("Feature {} is larger than {} MB. Split it, or use fewer points.", features + 1,
                         geojson_feature_bytes_max >> 20)});
    };
  }

  void fault(std::int64_t feature_number, std::string property, Text text) {
    faults({feature_number, std::move(property), std::move(text)});
  }

  bool feature(json::value const& v) {
    ++features;
    auto found = read_feature(v, options, datum.value_or(core::Datum::wgs84), part);
    if (found) {
      faults({features, std::move(found->property), std::move(found->text), json::serialize(v)});
      return true;
    }
    return ++waiting < save_batch || flush();
  }

  bool flush() {
    if (waiting == 0 || !outcome) return outcome.has_value();
    City full;
    full.scheme = options.scheme;
    std::swap(full, part);
    waiting = 0;
    outcome = sink(std::move(full));
    return outcome.has_value();
  }

  bool member(std::string_view name, std::string_view text) {
    if (name == "type" && text != "FeatureCollection") {
      fault(0, "type",
            {"文件应是 FeatureCollection。请在导出时选择要素集合。",
             "The file must be a FeatureCollection. Export it as a collection of features."});
      return false;
    }
    if (name != "datum") return true;
    auto const named = core::datum_of(text);
    if (!named) {
      fault(0, "datum", named.error().text);
      return false;
    }
    bool const late = features > 0 && *named != datum.value_or(core::Datum::wgs84);
    if (late || (options.datum && *options.datum != *named)) {
      fault(0, "datum",
            late
                ? Text{"datum 写在要素之后。请移到 features 之前。",
                       "“datum” stands after the features. Move it before “features”."}
                : Text{fmt::format("文件写的坐标系是 {}，导入时指定的是 {}。请核对后只用一个。", text,
                                   core::name(*options.datum)),
                       fmt::format(
                           "The file says its datum is {}, the import says {}. Find out which, and say that.",
                           text, core::name(*options.datum))});
      return false;
    }
    datum = *named;
    return true;
  }

  bool parse(bool more, std::string_view piece) {
    if (ended) return false;
    bytes += piece.size();
    Code ec;
    if (bytes > geojson_file_bytes_max) {
      fault(0, "",
            {fmt::format("文件超过 {} GB。请拆成几个文件。", geojson_file_bytes_max >> 30),
             fmt::format("The file is larger than {} GB. Split it.", geojson_file_bytes_max >> 30)});
      ended = true;
      return false;
    }
    auto const used = parser.write_some(more, piece.data(), piece.size(), ec);
    bool const trailing = !ec && parser.done() && used < piece.size() &&
                          piece.find_first_not_of(" \t\r\n", used) != std::string_view::npos;
    if (!ec && !trailing) return true;
    ended = true;
    if (ec == stop()) return false;
    fault(0, "",
          {fmt::format("第 {} 字节附近不是合规的 JSON（{}）。请用原软件重新导出。", bytes - piece.size() + used,
                       ec ? ec.message() : "trailing text"),
           fmt::format("Near byte {} this is not valid JSON ({}). Export the file again.",
                       bytes - piece.size() + used, ec ? ec.message() : "trailing text")});
    return false;
  }
};

GeoJsonReader::GeoJsonReader(GeoJsonOptions options, Sink sink, Faults faults)
    : state_(std::make_unique<State>(std::move(options), std::move(sink), std::move(faults))) {}
GeoJsonReader::~GeoJsonReader() = default;

bool GeoJsonReader::feed(std::string_view piece) {
  return state_->parse(true, piece);
}

core::Result<> GeoJsonReader::finish() {
  auto& s = *state_;
  if (!s.ended && s.parse(false, "")) {
    s.ended = true;
    if (!s.parser.handler().seen_features)
      s.fault(0, "features", {"文件里没有 features 列表。", "The file has no list “features”."});
    s.flush();
  }
  return s.outcome;
}

std::int64_t GeoJsonReader::features() const {
  return state_->features;
}

namespace {

core::Result<> read_all(GeoJsonFile const& file, GeoJsonReader& reader, std::int64_t& features) {
  ZHILI_TRY(auto const pieces, file());
  std::vector<char> piece(1 << 16);
  for (;;) {
    ZHILI_TRY(auto const got, pieces(piece));
    bool const more = got > 0 && reader.feed({piece.data(), got});
    features = reader.features();
    if (!more) return reader.finish();
  }
}

}  // namespace

core::Result<> import_geojson(store::Db& db, GeoJsonFile const& file, GeoJsonOptions const& options,
                              Provenance const& from, GeoJsonReader::Faults const& on_fault, GeoJsonImport& done) {
  GeoJsonReader first(
      options, [](City&&) { return core::Result<>{}; },
      [&](GeoJsonFault&& fault) {
        ++done.faults;
        done.broken = done.broken || fault.feature == 0;
        on_fault(std::move(fault));
      });
  ZHILI_CHECK(read_all(file, first, done.features));
  if (done.broken) return {};
  GeoJsonReader second(
      options,
      [&](City&& part) -> core::Result<> {
        ZHILI_TRY(auto const saved, save(db, part, from));
        done.saved += saved;
        return {};
      },
      [](GeoJsonFault&&) {});
  return read_all(file, second, done.features);
}

}  // namespace zhili::sense::places
