#include "catalogue/search.hpp"

#include <xapian.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <string>

#include "catalogue/text_check.hpp"

namespace zhili::catalogue {
namespace {

constexpr std::size_t max_query_bytes = 400;
constexpr std::size_t max_guesses = 3;        // what one mistyped word may have meant
constexpr std::size_t min_guess_letters = 4;  // shorter words are never guessed
constexpr std::size_t two_slips_letters = 8;  // from here two slips are forgiven
constexpr double weight_of_one_character = 0.3;
constexpr double worth_showing = 0.15;  // of the best; what is fainter only shares a character
constexpr double exact_code = 2000;
constexpr double exact_words = 1000;

enum Weight : Xapian::termcount { weight_name = 6, weight_word = 4, weight_about = 1 };

// Words that say nothing about which item is meant.
constexpr std::array<std::string_view, 26> idle_words{
    "the",   "a",  "an",  "is",  "are",  "of",  "in",   "on",   "at",  "to", "and",  "my", "our",
    "there", "it", "its", "has", "have", "was", "been", "with", "for", "by", "from", "i",  "we"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string folded(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Replaces what is no UTF-8 by spaces, and cuts at the limit.
std::string cleaned(std::string_view query) {
  std::string out;
  for (std::size_t at = 0; at < query.size() && out.size() < max_query_bytes;) {
    std::size_t const length = utf8_length(query, at);
    bool const good = length > 0 && (length > 1 || static_cast<unsigned char>(query[at]) >= 0x20);
    out += good ? std::string(query.substr(at, length)) : " ";
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

std::string trimmed(std::string text) {
  auto const first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string singular(std::string word) {
  if (word.size() > 3 && word.ends_with('s')) word.pop_back();
  return word;
}

/// Slips between two words: a letter more, less, other, or two changed about. Stops counting above `limit`.
std::size_t slips(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      cost[i][j] = std::min(
          {cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

struct Search::Index {
  std::vector<Item const*> items;
  std::set<std::string, std::less<>> vocabulary;  ///< Latin words that are in the index, lower case
  std::mutex mutex;                               ///< Xapian's objects are for one thread at a time
  Xapian::WritableDatabase database{std::string(), Xapian::DB_BACKEND_INMEMORY};
  Xapian::Stem stem{"english"};
  Xapian::SimpleStopper stopper{idle_words.begin(), idle_words.end()};

  void add(Item const& item) {
    Xapian::TermGenerator generator;
    generator.set_stemmer(stem);
    generator.set_flags(Xapian::TermGenerator::FLAG_CJK_NGRAM);
    Xapian::Document document;
    generator.set_document(document);
    auto const text = [&](std::string const& words, Xapian::termcount weight) {
      generator.index_text_without_positions(words, weight);
    };
    text(item.name.zh, weight_name);
    text(item.name.en, weight_name);
    for (auto const& word : item.words) text(word, weight_word);
    text(item.group.name.zh + " " + item.group.name.en, weight_about);
    text(item.about.zh + " " + item.about.en, weight_about);
    for (auto const& condition : item.conditions)
      text(condition.when.zh + " " + condition.when.en, weight_about);
    database.add_document(document);
  }

  void learn_vocabulary() {
    for (auto term = database.allterms_begin(); term != database.allterms_end(); ++term) {
      std::string const word = *term;
      if (!word.empty() && std::all_of(word.begin(), word.end(), is_letter)) vocabulary.insert(word);
    }
  }

  bool knows(std::string const& word, bool may_be_unfinished) const {
    auto const at = vocabulary.lower_bound(word);
    if (at == vocabulary.end()) return false;
    return may_be_unfinished ? at->starts_with(word) : *at == word;
  }

  /// The Latin words of a query, and in place of each that nothing has, what it may have meant.
  struct Words {
    std::string said;    ///< as typed, then the guesses: for the parser
    std::string likely;  ///< with the best guess in place of each unknown word
  };
  Words latin_words(std::string const& low, bool typing) const {
    Words words;
    std::string guessed;
    for (std::size_t at = 0; at < low.size();) {
      if (!is_letter(low[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < low.size() && is_letter(low[end])) ++end;
      std::string const word = low.substr(at, end - at);
      bool const unknown = word.size() >= min_guess_letters && !knows(word, typing && end == low.size());
      auto const meant = unknown ? guesses(word) : std::vector<std::string>{};
      for (auto const& guess : meant) guessed += guess + " ";
      words.said += " " + word;
      words.likely += (words.likely.empty() ? "" : " ") + (meant.empty() ? word : meant.front());
      at = end;
    }
    words.said = guessed + words.said;  // before, so that the last word, which may be unfinished, stays last
    return words;
  }

  /// Pairs of neighbouring Chinese characters, and faintly the single ones: any of them may match, since
  /// people do not say things as the catalogue does.
  static Xapian::Query han(std::string_view query) {
    std::vector<Xapian::Query> parts;
    std::string before;
    for (std::size_t at = 0; at < query.size();) {
      std::size_t const length = std::max<std::size_t>(utf8_length(query, at), 1);
      std::string const c(query.substr(at, length));
      at += length;
      if (length < 3) {
        before.clear();
        continue;
      }
      parts.emplace_back(Xapian::Query::OP_SCALE_WEIGHT, Xapian::Query(c), weight_of_one_character);
      if (!before.empty()) parts.emplace_back(before + c);
      before = c;
    }
    return Xapian::Query(Xapian::Query::OP_OR, parts.begin(), parts.end());
  }

  Xapian::Query query(std::string const& words, std::string const& all, bool typing) {
    Xapian::QueryParser parser;
    parser.set_database(database);
    parser.set_stemmer(stem);
    parser.set_stopper(&stopper);
    parser.set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
    parser.set_max_expansion(100, Xapian::Query::WILDCARD_LIMIT_MOST_FREQUENT);
    unsigned flags = Xapian::QueryParser::FLAG_NO_POSITIONS;
    if (typing) flags |= Xapian::QueryParser::FLAG_PARTIAL;
    return Xapian::Query(Xapian::Query::OP_OR, parser.parse_query(words, flags), han(all));
  }

  std::vector<std::string> guesses(std::string const& word) const {
    std::size_t const limit = word.size() >= two_slips_letters ? 2 : 1;
    std::vector<std::pair<std::size_t, std::string>> near;
    for (auto const& known : vocabulary) {
      std::size_t const distance = slips(word, known, limit);
      if (distance <= limit) near.emplace_back(distance, known);
    }
    std::sort(near.begin(), near.end());
    std::vector<std::string> best;
    for (auto const& [distance, known] : near) {
      if (distance == near.front().first && best.size() < max_guesses) best.push_back(known);
    }
    return best;
  }

  static double bonus(Item const& item, std::string const& query) {
    if (query.empty()) return 0;
    if (folded(item.code) == query) return exact_code;
    auto const same = [&](std::string const& text) { return singular(folded(text)) == singular(query); };
    return same(item.name.zh) || same(item.name.en) || std::any_of(item.words.begin(), item.words.end(), same)
               ? exact_words
               : 0;
  }
};

Search::Search(std::vector<Item const*> const& items) : index_(std::make_unique<Index>()) {
  index_->items = items;
  for (Item const* item : items) index_->add(*item);
  index_->learn_vocabulary();
}

Search::~Search() = default;

std::vector<Hit> Search::find(std::string_view raw, SearchOptions const& options) const {
  std::string const query = trimmed(cleaned(raw));
  std::vector<Hit> hits;
  if (query.empty() || index_->items.empty()) return hits;
  std::string const low = folded(query);
  std::lock_guard const lock(index_->mutex);
  auto const words = index_->latin_words(low, options.typing);
  auto const bonus = [&](Item const& item) {
    return std::max(Index::bonus(item, low), Index::bonus(item, words.likely));
  };
  try {
    Xapian::Enquire enquire(index_->database);
    enquire.set_query(index_->query(words.said, low, options.typing));
    auto const found = enquire.get_mset(0, index_->database.get_doccount());
    for (auto at = found.begin(); at != found.end(); ++at) {
      if (at.get_weight() < worth_showing * found.get_max_attained()) break;
      Item const* const item = index_->items[*at - 1];
      hits.push_back({item, at.get_weight() + bonus(*item)});
    }
  } catch (Xapian::Error const&) {
    // A query that the parser cannot take finds nothing by words; its code may still be one.
  }
  for (Item const* item : index_->items) {  // an item whose code is the query, though no word of it is
    bool const there =
        std::any_of(hits.begin(), hits.end(), [&](Hit const& hit) { return hit.item == item; });
    if (!there && bonus(*item) > 0) hits.push_back({item, bonus(*item)});
  }
  std::erase_if(hits, [&](Hit const& hit) { return options.open_only && !hit.item->open; });
  std::stable_sort(hits.begin(), hits.end(), [](Hit const& a, Hit const& b) {
    return a.score != b.score ? a.score > b.score : a.item->code < b.item->code;
  });
  hits.resize(std::min({hits.size(), options.limit, Catalogue::max_hits}));
  return hits;
}

}  // namespace zhili::catalogue
