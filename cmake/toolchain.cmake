# Compiler, linker and cache: the same for every target.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Debug)
endif()
find_program(ZHILI_CCACHE ccache)
if(ZHILI_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${ZHILI_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ZHILI_CCACHE})
endif()
find_program(ZHILI_LLD NAMES ld.lld ld.lld-19)
if(ZHILI_LLD)
  add_link_options(-fuse-ld=lld)
endif()

add_library(zhili_flags INTERFACE)
target_include_directories(zhili_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
# What every module uses.
target_link_libraries(zhili_flags INTERFACE tl::expected fmt::fmt Boost::headers Boost::json)
target_compile_definitions(zhili_flags INTERFACE ZHILI_VERSION="${PROJECT_VERSION}")
target_compile_options(zhili_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
                       -fno-omit-frame-pointer)
# Files that are compiled together see each other's unnamed namespaces: what hides a name of another file, or has a member
# of such a type, is no error there. The preset asan compiles each file for itself.
if(CMAKE_UNITY_BUILD)
  target_compile_options(zhili_flags INTERFACE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>
                         $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of GCC 12 in its own library headers at -O2 (std::string, std::variant).
  target_compile_options(zhili_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-dangling-pointer
                         -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # GCC 12's std::stable_sort uses its own deprecated std::get_temporary_buffer.
  target_compile_options(zhili_flags INTERFACE -Wno-deprecated-declarations)
endif()

set(ZHILI_SANITIZE "" CACHE STRING "sanitizers, as for -fsanitize=")
if(ZHILI_SANITIZE)
  add_compile_options(-fsanitize=${ZHILI_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ZHILI_SANITIZE})
  add_compile_definitions(ZHILI_SANITIZED)
endif()

# The fuzzers see into every library: all of this build tree carries their instrumentation.
if(ZHILI_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
  add_compile_definitions(ZHILI_SANITIZED)
endif()
