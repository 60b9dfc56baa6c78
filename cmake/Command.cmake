# SPDX-License-Identifier: Apache-2.0
#
# The command: one static executable, because a dynamic C++ program takes 1.1 ms to reach main() here
# and a static one 0.4 ms. Not position-independent: relocations are pages written before main().

find_package(nlohmann_json 3.11 REQUIRED)

file(GLOB cli_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/cli/*.cc)
add_executable(caisson_command ${cli_sources} ${CAISSON_OBJECTS})
set_target_properties(caisson_command PROPERTIES OUTPUT_NAME caisson)
target_include_directories(caisson_command
  PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(caisson_command PRIVATE nlohmann_json::nlohmann_json)
target_compile_definitions(caisson_command PRIVATE CAISSON_VERSION="${PROJECT_VERSION}")
target_compile_options(caisson_command PRIVATE -fno-pie -ffunction-sections -fdata-sections)
if(NOT CAISSON_SANITIZE)
  target_link_options(caisson_command PRIVATE -static -no-pie -Wl,--gc-sections)
endif()
