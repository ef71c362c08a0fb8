// Items that may be one: said twice, or in two packs.

#include <fmt/format.h>

#include <algorithm>

#include "catalogue/grams.hpp"
#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

constexpr double same_score = 0.80;
constexpr double similar_score = 0.45;

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
