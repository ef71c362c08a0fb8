#pragma once
// Reads a sentence by taking its parts out, so that what nobody understood is left over and said.

#include <charconv>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/script.hpp"

namespace zhili::scenario {

class Reading {
 public:
  explicit Reading(Sentence words) : words_(std::move(words)) {}

  bool empty() const { return words_.empty(); }
  std::string first() const { return words_.empty() || words_[0].quoted ? std::string() : words_[0].text; }
  std::string take_first() {
    auto out = first();
    if (!words_.empty()) words_.erase(words_.begin());
    return out;
  }
  /// Takes `phrase` ("not found") from wherever it stands.
  bool has(std::string_view phrase) {
    auto const at = find(phrase);
    if (at == words_.size()) return false;
    erase(at, count(phrase));
    return true;
  }
  /// Takes `phrase` from the front.
  bool begins(std::string_view phrase) { return find(phrase) == 0 && !words_.empty() && has(phrase); }
  /// Takes `phrase` and the word behind it; empty where it does not stand there.
  std::string after(std::string_view phrase) {
    auto const at = find(phrase);
    if (at == words_.size()) return {};
    erase(at, count(phrase));
    if (at == words_.size())
      throw std::runtime_error("something is missing after \"" + std::string(phrase) + "\"");
    auto out = words_[at].text;
    erase(at, 1);
    return out;
  }
  int number_after(std::string_view phrase, int otherwise) {
    auto const text = after(phrase);
    if (text.empty()) return otherwise;
    int out = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), out).ptr != text.data() + text.size())
      throw std::runtime_error("a number is missing after \"" + std::string(phrase) + "\"");
    return out;
  }
  std::optional<When> when_after(std::string_view phrase) {
    auto const at = find(phrase);
    if (at == words_.size()) return std::nullopt;
    Sentence rest(words_.begin() + static_cast<std::ptrdiff_t>(at + count(phrase)), words_.end());
    auto out = take_when(rest);
    if (!out) throw std::runtime_error("a time is missing after \"" + std::string(phrase) + "\"");
    words_.resize(at);
    words_.insert(words_.end(), rest.begin(), rest.end());
    return out;
  }
  /// The first text in quotes.
  std::string quoted() {
    for (std::size_t i = 0; i < words_.size(); ++i)
      if (words_[i].quoted) {
        auto out = words_[i].text;
        erase(i, 1);
        return out;
      }
    return {};
  }
  /// The first word that is a key of `known`, taken out.
  template <class Map>
  std::string one_of(Map const& known) {
    for (std::size_t i = 0; i < words_.size(); ++i)
      if (!words_[i].quoted && known.contains(words_[i].text)) {
        auto out = words_[i].text;
        erase(i, 1);
        return out;
      }
    return {};
  }
  /// `with photos before after`: what they show.
  std::vector<std::string> photos() {
    std::vector<std::string> out;
    for (auto const* phrase : {"with photos", "with photo"}) {
      auto const at = find(phrase);
      if (at == words_.size()) continue;
      erase(at, 2);
      while (at < words_.size() && !words_[at].quoted && !(words_[at] == "having")) {
        out.push_back(words_[at].text);
        erase(at, 1);
      }
      if (out.empty()) out.emplace_back("near");
    }
    return out;
  }
  std::string rest() const {
    std::string out;
    for (auto const& word : words_) out += (out.empty() ? "" : " ") + word.text;
    return out;
  }
  void finish() const {
    if (!words_.empty()) throw std::runtime_error("not understood: \"" + rest() + "\"");
  }

 private:
  static std::size_t count(std::string_view phrase) {
    std::size_t out = 1;
    for (char c : phrase) out += c == ' ' ? 1 : 0;
    return out;
  }
  std::size_t find(std::string_view phrase) const {
    auto const length = count(phrase);
    for (std::size_t at = 0; at + length <= words_.size(); ++at) {
      std::string joined;
      bool plain = true;
      for (std::size_t i = at; i < at + length; ++i) {
        joined += (i == at ? "" : " ") + words_[i].text;
        plain = plain && !words_[i].quoted;
      }
      if (plain && joined == phrase) return at;
    }
    return words_.size();
  }
  void erase(std::size_t at, std::size_t n) {
    auto const begin = words_.begin() + static_cast<std::ptrdiff_t>(at);
    words_.erase(begin, begin + static_cast<std::ptrdiff_t>(n));
  }

  Sentence words_;
};

}  // namespace zhili::scenario
