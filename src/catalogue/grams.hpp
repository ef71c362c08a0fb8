#pragma once
// What two texts have in common, without a dictionary.

#include <string>
#include <string_view>
#include <vector>

namespace zhili::catalogue {

/// Sorted, each once.
using Grams = std::vector<std::string>;

/// Chinese by pairs of characters, Latin by whole words of three letters and more: what carries meaning in each. Case and a
/// plural s do not matter. Cost: the length of the text.
Grams grams(std::string_view text);

/// What both have of what either has (Jaccard), 0…1; 0 where one is empty.
double jaccard(Grams const& a, Grams const& b);
/// What both have of what the shorter one has, 0…1; 0 where one is empty. A short text that a long one repeats is the same.
double overlap(Grams const& a, Grams const& b);

}  // namespace zhili::catalogue
