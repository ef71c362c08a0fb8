// Items that may be one: said twice, or in two packs.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "catalogue/pack.hpp"
#include "catalogue/text_check.hpp"

namespace zhili::catalogue {
namespace {

constexpr double same_score = 0.80;
constexpr double similar_score = 0.45;

using Grams = std::vector<std::string>;  // sorted, each once

/// Chinese by pairs of characters (and single ones), Latin by whole words: what carries meaning in each.
Grams grams(std::string_view text) {
  std::set<std::string> found;
  std::string word;
  std::string before;
  auto const end_word = [&] {
    if (word.size() > 2)
      found.insert(word.ends_with('s') && word.size() > 4 ? word.substr(0, word.size() - 1) : word);
    word.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t const length = std::max<std::size_t>(utf8_length(text, at), 1);
    std::string const c(text.substr(at, length));
    at += length;
    char32_t const code = utf8_code(c, 0, length);
    bool const han = code >= 0x3400 && code <= 0x9FFF;
    bool const latin = (code | 0x20U) >= 'a' && (code | 0x20U) <= 'z';
    if (latin)
      word += static_cast<char>(code | 0x20U);
    else
      end_word();
    if (han && !before.empty()) found.insert(before + c);
    before = han ? c : "";
  }
  end_word();
  return {found.begin(), found.end()};
}

double jaccard(Grams const& a, Grams const& b) {
  if (a.empty() || b.empty()) return 0;
  std::size_t both = 0;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x < *y)
      ++x;
    else if (*y < *x)
      ++y;
    else
      ++both, ++x, ++y;
  }
  return static_cast<double>(both) / static_cast<double>(a.size() + b.size() - both);
}

struct Portrait {
  Item const* item;
  Grams zh, en, words, when;
};

Portrait portrait(Item const& item) {
  std::string words;
  for (auto const& word : item.words) words += word + "\n";
  std::string when;
  for (auto const& condition : item.conditions) when += condition.when.zh + "\n" + condition.when.en + "\n";
  return {&item, grams(item.name.zh), grams(item.name.en), grams(words), grams(when)};
}

Likeness compare(Portrait const& a, Portrait const& b) {
  double const zh = a.item->name.zh == b.item->name.zh ? 1 : jaccard(a.zh, b.zh);
  double const en = a.item->name.en == b.item->name.en ? 1 : jaccard(a.en, b.en);
  double const name = std::max(zh, en);
  double const words = jaccard(a.words, b.words);
  double const when = jaccard(a.when, b.when);
  Likeness out;
  out.a = a.item;
  out.b = b.item;
  out.score = std::min(1.0, 0.5 * name + 0.3 * words + 0.2 * when);
  bool const one_name = a.item->name.zh == b.item->name.zh || a.item->name.en == b.item->name.en;
  if (one_name && a.item->pack != b.item->pack)
    out.kind = Likeness::Kind::repeated;
  else if (out.score >= same_score)
    out.kind = Likeness::Kind::same;
  if (one_name) out.score = std::max(out.score, similar_score);
  out.why = {
      fmt::format("名称相似 {:.0f}%，关键词 {:.0f}%，立案条件 {:.0f}%", name * 100, words * 100, when * 100),
      fmt::format("names {:.0f} % alike, words {:.0f} %, conditions {:.0f} %", name * 100, words * 100,
                  when * 100)};
  return out;
}

}  // namespace

std::vector<Likeness> similar(Catalogue const& catalogue) {
  std::vector<Portrait> profiles;
  for (Item const* item : catalogue.items()) profiles.push_back(portrait(*item));
  std::vector<Likeness> found;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    for (std::size_t k = i + 1; k < profiles.size(); ++k) {
      // A component and an event about it are two duties: a broken lamp is not a lamp.
      if ((profiles[i].item->kind == Kind::component) != (profiles[k].item->kind == Kind::component))
        continue;
      Likeness likeness = compare(profiles[i], profiles[k]);
      if (likeness.score >= similar_score) found.push_back(std::move(likeness));
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](Likeness const& a, Likeness const& b) { return a.score > b.score; });
  return found;
}

}  // namespace zhili::catalogue
