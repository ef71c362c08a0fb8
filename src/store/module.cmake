# Embeds NNNN_name.sql of a folder into the library, so that the program carries its own schema.
function(zhili_embed_migrations folder function)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/store/${folder}/*.sql)
  set(out ${CMAKE_BINARY_DIR}/generated/store/${folder}_embedded.cpp)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${files}" -DNAME=${function} -DOUT=${out} -P ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake
    VERBATIM)
  target_sources(zhili_store PRIVATE ${out})
endfunction()
zhili_embed_migrations(migrations embedded_migrations)
zhili_embed_migrations(key_migrations embedded_key_migrations)
zhili_embed_migrations(observation_migrations embedded_observation_migrations)

# SOCI does not export the type information of its back ends, which the sanitizer's check of virtual calls wants.
if(ZHILI_SANITIZE OR ZHILI_FUZZ)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/store/sqlite.cpp ${CMAKE_SOURCE_DIR}/src/store/postgres.cpp
                              TARGET_DIRECTORY zhili_store PROPERTIES COMPILE_OPTIONS -fno-sanitize=vptr SKIP_PRECOMPILE_HEADERS ON)
endif()

if(ZHILI_TESTS)
  # What tests of every module may use; zhili_test links it.
  file(GLOB support CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/support/*.cpp)
  add_library(zhili_test_support STATIC ${support})
  target_include_directories(zhili_test_support PUBLIC ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(zhili_test_support PUBLIC zhili_flags zhili_store)
  zhili_precompile(zhili_test_support zhili_precompiled)
endif()

# SOCI reads SQLite's header inside of a namespace of its own.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/store/sqlite.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
