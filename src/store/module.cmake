# Embeds migrations/NNNN_name.sql into the library, so that the program carries its own schema.
file(GLOB migration_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/store/migrations/*.sql)
set(migrations_cpp ${CMAKE_BINARY_DIR}/generated/store/migrations_embedded.cpp)
add_custom_command(
  OUTPUT ${migrations_cpp}
  COMMAND ${CMAKE_COMMAND} "-DFILES=${migration_files}" -DOUT=${migrations_cpp} -P ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake
  DEPENDS ${migration_files} ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake
  VERBATIM)
target_sources(zhili_store PRIVATE ${migrations_cpp})
