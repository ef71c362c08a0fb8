# What nearly every file reads is read once. ZHILI_PRECOMPILED is off in the preset asan: there each file shows that it
# includes what it uses.
option(ZHILI_PRECOMPILED "precompile the headers that nearly every file reads" ON)

# Compilers take a precompiled header only where options and definitions are the same: one for libraries, one for tests.
if(ZHILI_PRECOMPILED)
  file(WRITE ${CMAKE_BINARY_DIR}/generated/nothing.cpp "")
  add_library(zhili_precompiled OBJECT ${CMAKE_BINARY_DIR}/generated/nothing.cpp)
  target_link_libraries(zhili_precompiled PRIVATE zhili_flags)
  target_precompile_headers(zhili_precompiled PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.hpp)
  if(ZHILI_TESTS)
    file(WRITE ${CMAKE_BINARY_DIR}/generated/no_tests.cpp "int main() {}\n")
    add_executable(zhili_precompiled_tests ${CMAKE_BINARY_DIR}/generated/no_tests.cpp)
    target_link_libraries(zhili_precompiled_tests PRIVATE zhili_flags GTest::gmock)
    target_precompile_headers(zhili_precompiled_tests PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.hpp <gmock/gmock.h> <gtest/gtest.h>)
  endif()
endif()

function(zhili_precompile target from)
  if(ZHILI_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()
