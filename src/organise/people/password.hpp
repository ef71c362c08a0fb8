#pragma once
// Passwords: Argon2id, with the cost written into each stored text, so that a later cost may stand beside this one.

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace zhili::organise {

inline constexpr std::size_t password_characters_min = 10;
inline constexpr std::size_t password_bytes_max = 200;
/// Of the settings of Argon2id that OWASP's Password Storage Cheat Sheet (2024) calls equally strong the one with the least memory: 7 MiB,
/// five passes, one lane. A server pays for fresh pages as much as for passes.
inline constexpr std::size_t password_memory_bytes = 7 * 1024 * 1024;
inline constexpr unsigned password_passes = 5;

/// Errors: invalid, `field` password: too short, too long, the same character again and again, or the login in it.
core::Result<> check_password(std::string_view password, std::string_view login);

/// "$argon2id$v=19$m=…". Cost: some 20 ms and `password_memory_bytes`. Errors: unavailable (no memory).
core::Result<std::string> hash_password(std::string_view password);

/// Whether the password made this text. An empty or unreadable text costs as much as a good one and never fits: who
/// guesses logins learns nothing from the time that it takes.
bool password_fits(std::string_view stored, std::string_view password);

/// Random bits as base64url: 22 characters are 132 of them.
std::string random_word(std::size_t characters);

/// A password to be used once and read out over the telephone: four groups of four, without letters that look alike.
std::string one_time_password();

}  // namespace zhili::organise
