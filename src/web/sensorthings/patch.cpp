// JSON Patch, RFC 6902, over the own properties of an entity.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <utility>

#include "sense/ingest/json_scan.hpp"
#include "web/sensorthings/body.hpp"
#include "web/sensorthings/render.hpp"

namespace zhili::web::sensorthings {

namespace json = boost::json;
using core::Errc;
using core::fail;

namespace {

auto bad_step(std::size_t step, core::Text what) {
  return fail(Errc::invalid, "sensorthings.patch", {fmt::format("第 {} 步：{}", step + 1, what.zh), fmt::format("step {}: {}", step + 1, what.en)}, fmt::format("{}", step));
}

/// "/properties/a~1b" → properties, a/b. Nothing: it is no JSON Pointer (RFC 6901).
std::optional<std::vector<std::string>> pointer_of(std::string_view text) {
  if (!text.starts_with('/')) return std::nullopt;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') {
      out.emplace_back();
    } else if (text[i] == '~') {
      if (++i >= text.size() || (text[i] != '0' && text[i] != '1')) return std::nullopt;
      out.back() += text[i] == '0' ? '~' : '/';
    } else {
      out.back() += text[i];
    }
  }
  return out;
}

std::optional<std::size_t> position_in(json::array const& array, std::string const& key, bool may_append) {
  if (key == "-") return may_append ? std::optional(array.size()) : std::nullopt;
  std::size_t at = 0;
  auto const [stop, error] = std::from_chars(key.data(), key.data() + key.size(), at);
  bool const plain = error == std::errc{} && stop == key.data() + key.size() && (key == "0" || !key.starts_with('0'));
  if (!plain || at > array.size() || (at == array.size() && !may_append)) return std::nullopt;
  return at;
}

/// A document while a patch goes over it.
class Patched {
 public:
  explicit Patched(json::object document) : root_(std::move(document)) {}

  json::value* find(std::vector<std::string> const& path, std::size_t steps) {
    auto* at = &root_;
    for (std::size_t i = 0; i < steps && at != nullptr; ++i) {
      if (auto* const object = at->if_object()) {
        at = object->if_contains(path[i]);
      } else if (auto* const array = at->if_array()) {
        auto const position = position_in(*array, path[i], false);
        at = position ? &(*array)[*position] : nullptr;
      } else {
        at = nullptr;
      }
    }
    return at;
  }
  bool add(std::vector<std::string> const& path, json::value value) {
    auto* const above = find(path, path.size() - 1);
    if (above == nullptr) return false;
    if (auto* const object = above->if_object()) {
      (*object)[path.back()] = std::move(value);
      return true;
    }
    auto* const array = above->if_array();
    auto const at = array != nullptr ? position_in(*array, path.back(), true) : std::nullopt;
    if (!at) return false;
    array->insert(array->begin() + static_cast<std::ptrdiff_t>(*at), std::move(value));
    return true;
  }
  std::optional<json::value> take(std::vector<std::string> const& path) {
    auto* const there = find(path, path.size());
    if (there == nullptr) return std::nullopt;
    auto out = std::move(*there);
    auto* const above = find(path, path.size() - 1);
    if (auto* const object = above->if_object()) {
      object->stable_erase(object->find(path.back()));
    } else {
      auto& array = above->get_array();
      array.erase(array.begin() + static_cast<std::ptrdiff_t>(*position_in(array, path.back(), false)));
    }
    return out;
  }
  json::object const& document() const { return root_.get_object(); }

 private:
  json::value root_;
};

constexpr int patch_levels_max = 16;

/// JSON as it is written, with each number exact: the library's own reader is a digit off now and then.
bool read_exact(sense::ingest::JsonScan& scan, json::value& out, int levels) {
  scan.blanks();
  double real = 0;
  std::int64_t whole = 0;
  std::string_view text;
  std::string kept;
  switch (scan.peek()) {
    case '"':
      if (!scan.string(text, kept)) return false;
      out = json::string(text.data(), text.size());
      return true;
    case 't': out = true; return scan.word("true");
    case 'f': out = false; return scan.word("false");
    case 'n': out = nullptr; return scan.word("null");
    case '{': {
      if (levels == 0) return false;
      auto& object = out.emplace_object();
      scan.take('{');
      if (scan.take('}')) return true;
      do {
        scan.blanks();
        if (!scan.string(text, kept)) return false;
        std::string const name(text);
        if (!scan.take(':') || !read_exact(scan, object[name], levels - 1)) return false;
      } while (scan.take(','));
      return scan.take('}');
    }
    case '[': {
      if (levels == 0) return false;
      auto& array = out.emplace_array();
      scan.take('[');
      if (scan.take(']')) return true;
      do {
        if (!read_exact(scan, array.emplace_back(nullptr), levels - 1)) return false;
      } while (scan.take(','));
      return scan.take(']');
    }
    default: {
      auto const kind = scan.number(real, whole);
      if (kind == sense::ingest::JsonScan::Number::whole) out = whole;
      else out = real;
      return kind != sense::ingest::JsonScan::Number::none && std::isfinite(real);
    }
  }
}

std::optional<json::value> read_exact(std::string_view text) {
  sense::ingest::JsonScan scan(text);
  json::value out;
  if (!read_exact(scan, out, patch_levels_max)) return std::nullopt;
  scan.blanks();
  return scan.at_end() ? std::optional(std::move(out)) : std::nullopt;
}

/// With as many digits as a number needs, and no exponent where none is usual.
void write_exact(std::string& out, json::value const& value) {
  bool first = true;
  auto const comma = [&] { out += std::exchange(first, false) ? "" : ","; };
  if (auto const* const object = value.if_object()) {
    out += '{';
    for (auto const& [name, member] : *object) {
      comma();
      write_text(out, name);
      out += ':';
      write_exact(out, member);
    }
    out += '}';
  } else if (auto const* const array = value.if_array()) {
    out += '[';
    for (auto const& member : *array) {
      comma();
      write_exact(out, member);
    }
    out += ']';
  } else if (auto const* const real = value.if_double()) {
    out += fmt::format("{}", *real);
  } else if (auto const* const text = value.if_string()) {
    write_text(out, *text);
  } else {
    out += json::serialize(value);
  }
}

core::Result<> take_step(Patched& document, json::object const& step, std::size_t number) {
  auto const text = [&](char const* name) {
    auto const* const found = step.if_contains(name);
    return found != nullptr && found->is_string() ? std::optional<std::string_view>(found->get_string()) : std::nullopt;
  };
  auto const op = text("op").value_or("");
  auto const path = text("path") ? pointer_of(*text("path")) : std::nullopt;
  auto const from = text("from") ? pointer_of(*text("from")) : std::nullopt;
  auto const* const value = step.if_contains("value");
  if (!path) return bad_step(number, {"path 须以 / 开头。", "path must begin with a slash."});
  bool const needs_value = op == "add" || op == "replace" || op == "test";
  if (needs_value && value == nullptr) return bad_step(number, {"缺少 value。", "value is missing."});
  if ((op == "move" || op == "copy") && !from) return bad_step(number, {"缺少 from。", "from is missing."});
  auto const nowhere = [&] { return bad_step(number, {"这个路径什么也没有。", "there is nothing at this path."}); };
  if (op == "add") return document.add(*path, *value) ? core::Result<>{} : nowhere();
  if (op == "remove") return document.take(*path) ? core::Result<>{} : nowhere();
  if (op == "replace") {
    auto* const there = document.find(*path, path->size());
    if (there == nullptr) return nowhere();
    *there = *value;
    return {};
  }
  if (op == "copy" || op == "move") {
    bool const into_itself = path->size() > from->size() && std::equal(from->begin(), from->end(), path->begin());
    if (op == "move" && into_itself) return bad_step(number, {"不能移到自己里面。", "nothing can be moved into itself."});
    auto const* const there = document.find(*from, from->size());
    if (there == nullptr) return nowhere();
    json::value moved = *there;
    if (op == "move") document.take(*from);
    return document.add(*path, std::move(moved)) ? core::Result<>{} : nowhere();
  }
  if (op == "test") {
    auto const* const there = document.find(*path, path->size());
    if (there != nullptr && *there == *value) return {};
    return fail(Errc::conflict, "sensorthings.patch_test", {fmt::format("第 {} 步的检验不成立。", number + 1), fmt::format("The test of step {} does not hold.", number + 1)}, fmt::format("{}", number));
  }
  return bad_step(number, {fmt::format("没有操作“{}”。", op), fmt::format("there is no operation \"{}\".", op)});
}

}  // namespace

core::Result<things::Draft> read_patch(things::EntityType type, std::string_view text, std::string_view now) {
  auto const steps = read_exact(text);
  if (!steps || !steps->is_array())
    return fail(Errc::invalid, "sensorthings.patch", {"JSON Patch 须是步骤的列表（RFC 6902）。", "A JSON Patch is a list of steps (RFC 6902)."});
  auto const& list = steps->get_array();
  if (list.size() > patch_steps_max)
    return fail(Errc::limit, "sensorthings.patch", {fmt::format("最多 {} 步。", patch_steps_max), fmt::format("At most {} steps.", patch_steps_max)});
  auto const before = read_exact(now).value_or(json::object()).as_object();
  Patched document(before);
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto const* const step = list[i].if_object();
    if (step == nullptr) return bad_step(i, {"须是对象。", "it must be an object."});
    ZHILI_CHECK(take_step(document, *step, i));
    if (json::serialize(document.document()).size() > entity_body_bytes_max) return bad_step(i, {"结果太大。", "what comes of it is too large."});
  }
  // What is the same as before is not written again: so numbers keep the digits in which they came.
  json::object changed;
  for (auto const& [name, value] : document.document())
    if (auto const* const old = before.if_contains(name); old == nullptr || *old != value) changed[name] = value;
  for (auto const& [name, value] : before)
    if (!document.document().contains(name)) changed[name] = nullptr;
  std::string out;
  write_exact(out, changed);
  return read_entity(type, out);
}

}  // namespace zhili::web::sensorthings
