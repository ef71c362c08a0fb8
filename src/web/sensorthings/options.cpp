#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>

#include "web/sensorthings/expression.hpp"
#include "web/utf8.hpp"

namespace zhili::web::sensorthings {

using core::Errc;
using core::fail;
using things::Query;

namespace {

auto bad_value(std::string_view option, core::Text text) {
  return fail(Errc::invalid, "sensorthings.query", {std::string(option) + "：" + text.zh, std::string(option) + ": " + text.en}, std::string(option));
}

core::Result<std::int64_t> whole_number(std::string_view option, std::string_view text, std::int64_t most) {
  std::int64_t out = 0;
  auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc{} && stop == text.data() + text.size() && out >= 0 && out <= most) return out;
  return bad_value(option, {fmt::format("须是 0 至 {} 的整数。", most), fmt::format("a whole number from 0 to {} is needed.", most)});
}

core::Result<bool> truth(std::string_view option, std::string_view text) {
  if (text == "true" || text == "false") return text == "true";
  return bad_value(option, {"须是 true 或 false。", "true or false is needed."});
}

std::string_view trim_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// Splits at a character that stands outside of brackets and quotes. Nothing: brackets or quotes do not match.
std::optional<std::vector<std::string_view>> split_outside(std::string_view text, char at) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (c == '\'') quoted = !quoted;
    if (quoted) continue;
    if (c == '(') ++depth;
    if (c == ')' && --depth < 0) return std::nullopt;
    if (c == at && depth == 0) {
      out.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  if (quoted || depth != 0) return std::nullopt;
  out.push_back(text.substr(begin));
  return out;
}

class OptionsReader {
 public:
  explicit OptionsReader(core::Instant now) : now_(now) {}

  core::Result<> option(Query& query, things::EntityType type, std::string_view name, std::string_view text, std::size_t depth) {
    if (text.size() > option_bytes_max) return bad_value(name, {"太长。", "too long."});
    if (text.empty()) return bad_value(name, {"没有值。", "it has no value."});
    if (std::ranges::any_of(query.written, [&](auto const& w) { return w.first == name; })) return bad_value(name, {"出现了两次。", "given twice."});
    query.written.emplace_back(name, text);
    if (name == "$filter") {
      ZHILI_TRY(query.filter, ExpressionReader(text, name, type, now_).condition());
      return {};
    }
    if (name == "$orderby") return order(query, type, text);
    if (name == "$select") return select(query, type, text);
    if (name == "$expand") return expand(query, type, text, depth);
    if (name == "$top") {
      ZHILI_TRY(auto const top, whole_number(name, text, std::numeric_limits<std::int64_t>::max()));
      query.top = static_cast<std::size_t>(top);
      return {};
    }
    if (name == "$skip") {
      ZHILI_TRY(query.skip, whole_number(name, text, things::skip_max));
      return {};
    }
    if (name == "$count") {
      ZHILI_TRY(query.count, truth(name, text));
      return {};
    }
    if (name == "$skiptoken") {
      ZHILI_TRY(query.after, read_skip_token(text));
      return {};
    }
    if (name == "$resultFormat") {
      if (text != "dataArray" || type != things::EntityType::observation || depth != 0)
        return bad_value(name, {"只有 Observations 可用，值为 dataArray。", "only dataArray, and only of Observations."});
      query.data_array = true;
      return {};
    }
    return bad_value(name, {"没有这个查询选项。有 $filter、$orderby、$select、$expand、$top、$skip、$count、$resultFormat。",
                            "there is no such option. There are $filter, $orderby, $select, $expand, $top, $skip, $count, $resultFormat."});
  }

 private:
  core::Result<> order(Query& query, things::EntityType type, std::string_view text) {
    ExpressionReader reader(text, "$orderby", type, now_);
    bool more = true;
    while (more) {
      ZHILI_TRY(auto key, reader.order_key());
      ZHILI_TRY(auto const descending, reader.direction());
      query.order.push_back({std::move(key), descending});
      if (query.order.size() > things::order_keys_max)
        return bad_value("$orderby", {fmt::format("最多 {} 项。", things::order_keys_max), fmt::format("at most {} of them.", things::order_keys_max)});
      ZHILI_TRY(more, reader.comma());
    }
    return {};
  }

  static core::Result<> select(Query& query, things::EntityType type, std::string_view text) {
    auto const& entity = things::entity(type);
    things::Select out;
    bool all = false;
    for (auto const part : split_outside(text, ',').value_or(std::vector{text})) {
      auto const name = trim_blanks(part);
      if (name == "*") {
        all = true;
      } else if (name == "id" || name == "@iot.id") {
        out.id = true;
      } else if (auto const* const property = entity.property(name)) {
        out.properties.push_back(property);
      } else if (auto const* const link = entity.link(name)) {
        out.links.push_back(link);
      } else {
        return bad_value("$select", {fmt::format("{} 没有“{}”。", entity.name, name), fmt::format("a {} has no \"{}\".", entity.name, name)});
      }
    }
    if (!all) query.select = std::move(out);
    return {};
  }

  core::Result<> expand(Query& query, things::EntityType type, std::string_view text, std::size_t depth) {
    auto const parts = split_outside(text, ',');
    if (!parts) return bad_value("$expand", {"括号或引号不成对。", "brackets or quotes do not match."});
    for (auto const part : *parts) ZHILI_CHECK(expand_one(query, type, trim_blanks(part), depth));
    return {};
  }

  /// `Datastreams/Observations($top=1)`: the options are those of the last.
  core::Result<> expand_one(Query& query, things::EntityType type, std::string_view text, std::size_t depth) {
    auto const open = text.find('(');
    auto const slash = text.substr(0, open).find('/');
    auto const name = text.substr(0, std::min(open, slash));
    auto const* const link = things::entity(type).link(name);
    if (link == nullptr) {
      auto const own = things::entity(type).name;
      return bad_value("$expand", {fmt::format("{} 没有联系“{}”。", own, name), fmt::format("a {} has no link \"{}\".", own, name)});
    }
    if (depth >= things::expand_depth_max || ++expands_ > things::expands_max)
      return bad_value("$expand", {fmt::format("最多 {} 层、{} 处。", things::expand_depth_max, things::expands_max),
                                   fmt::format("at most {} deep, and {} in all.", things::expand_depth_max, things::expands_max)});
    auto found = std::ranges::find(query.expand, link, &things::Expand::link);
    bool const again = found != query.expand.end();
    if (!again) found = query.expand.insert(query.expand.end(), {link, {}});
    if (slash != std::string_view::npos) {
      auto const rest = text.substr(slash + 1);
      auto const at = static_cast<std::size_t>(found - query.expand.begin());
      note(query.expand[at].query, rest);
      return expand_one(query.expand[at].query, link->to, rest, depth + 1);
    }
    if (open == std::string_view::npos) return {};
    if (!text.ends_with(')')) return bad_value("$expand", {"括号后面多了东西。", "something stands after the bracket."});
    if (again) return bad_value("$expand", {fmt::format("“{}”出现了两次。", name), fmt::format("\"{}\" is given twice.", name)});
    auto const inside = split_outside(text.substr(open + 1, text.size() - open - 2), ';');
    if (!inside) return bad_value("$expand", {"括号或引号不成对。", "brackets or quotes do not match."});
    for (auto const piece : *inside) {
      auto const equals = piece.find('=');
      if (equals == std::string_view::npos || trim_blanks(piece.substr(0, equals)).empty()) return bad_value("$expand", {"括号里须写成 $选项=值，用 ; 隔开。", "write $option=value inside of the brackets, with ; between."});
      ZHILI_CHECK(option(found->query, link->to, trim_blanks(piece.substr(0, equals)), piece.substr(equals + 1), depth + 1));
      if (found->query.after) return bad_value("$expand", {"$skiptoken 不能在这里。", "no $skiptoken here."});
    }
    return {};
  }

  /// What follows a slash is an $expand of its own, for the link to the next page.
  static void note(Query& query, std::string_view rest) {
    auto const found = std::ranges::find(query.written, "$expand", [](auto const& w) { return std::string_view(w.first); });
    if (found == query.written.end()) {
      query.written.emplace_back("$expand", rest);
    } else {
      found->second += ",";
      found->second += rest;
    }
  }

  core::Instant now_;
  std::size_t expands_ = 0;
};

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string hex_of(std::uint64_t bits) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; bits >>= 4) out[i] = hex_digits[bits & 15];
  return out;
}

}  // namespace

core::Result<Query> read_query(things::EntityType type, Fields const& options, core::Instant now) {
  Query out;
  OptionsReader reader(now);
  for (auto const& [name, value] : options) {
    if (!name.starts_with('$')) continue;  // others are nobody's concern here
    ZHILI_CHECK(reader.option(out, type, name, value, 0));
  }
  return out;
}

core::Result<things::Expr> read_filter(std::string_view text, things::EntityType type, core::Instant now) {
  return ExpressionReader(text, "$filter", type, now).condition();
}

std::string write_skip_token(things::After const& after) {
  std::string out = std::to_string(after.id);
  for (auto const& key : after.keys) {
    out += '~';
    if (auto const* const whole = std::get_if<std::int64_t>(&key)) out += "i" + std::to_string(*whole);
    else if (auto const* const real = std::get_if<double>(&key)) out += "d" + hex_of(std::bit_cast<std::uint64_t>(*real));
    else if (auto const* const text = std::get_if<std::string>(&key)) {
      out += 's';
      for (char const c : *text) {
        auto const byte = static_cast<unsigned char>(c);
        out += hex_digits[byte >> 4];
        out += hex_digits[byte & 15];
      }
    } else {
      out += 'n';
    }
  }
  return out;
}

core::Result<things::After> read_skip_token(std::string_view text) {
  auto const bad = [] { return bad_value("$skiptoken", {"不是服务给出的值；请沿着 @iot.nextLink 走。", "not one that the service gave: follow @iot.nextLink."}); };
  if (text.size() > skip_token_bytes_max) return bad();
  things::After out;
  bool first = true;
  while (true) {
    auto const end = text.find('~');
    auto const part = text.substr(0, end);
    auto const number = [&](std::string_view digits, auto& into, auto... base) {
      auto const [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into, base...);
      return error == std::errc{} && stop == digits.data() + digits.size();
    };
    if (first) {
      if (!number(part, out.id)) return bad();
    } else if (part == "n") {
      out.keys.emplace_back();
    } else if (part.starts_with('i')) {
      std::int64_t whole = 0;
      if (!number(part.substr(1), whole)) return bad();
      out.keys.emplace_back(whole);
    } else if (part.starts_with('d')) {
      std::uint64_t bits = 0;
      if (part.size() != 17 || !number(part.substr(1), bits, 16)) return bad();
      out.keys.emplace_back(std::bit_cast<double>(bits));
    } else if (part.starts_with('s') && part.size() % 2 == 1) {
      std::string value;
      for (std::size_t i = 1; i < part.size(); i += 2) {
        unsigned byte = 0;
        if (!number(part.substr(i, 2), byte, 16) || byte == 0) return bad();
        value += static_cast<char>(byte);
      }
      if (!is_clean_utf8(value)) return bad();
      out.keys.emplace_back(std::move(value));
    } else {
      return bad();
    }
    first = false;
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

}  // namespace zhili::web::sensorthings
