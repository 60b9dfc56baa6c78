# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` puts where. Everything is relative to the prefix, so that the tree can be
# staged with DESTDIR and moved as a whole.

include(CMakePackageConfigHelpers)

# ---- the command

install(TARGETS caisson_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# ---- the library

caisson_library(caisson_shared SHARED)
caisson_library(caisson_static STATIC)
set_target_properties(caisson_shared PROPERTIES EXPORT_NAME caisson)
target_link_options(caisson_shared PRIVATE -Wl,--no-undefined -Wl,--gc-sections)
if(CAISSON_SANITIZE AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # clang leaves the sanitizers' own symbols to the executable.
  target_link_options(caisson_shared PRIVATE -Wl,-z,undefs)
endif()
add_library(caisson::caisson ALIAS caisson_shared)
add_library(caisson::caisson_static ALIAS caisson_static)

install(TARGETS caisson_shared caisson_static EXPORT caisson
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/caisson DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")

# ---- for find_package(caisson): caisson::caisson, and caisson::caisson_static

set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/caisson)
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/caissonConfig.cmake.in ${PROJECT_BINARY_DIR}/caissonConfig.cmake
  INSTALL_DESTINATION ${package_directory} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may break what came before it.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/caissonConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(EXPORT caisson NAMESPACE caisson:: FILE caissonTargets.cmake
        DESTINATION ${package_directory})
install(FILES ${PROJECT_BINARY_DIR}/caissonConfig.cmake
              ${PROJECT_BINARY_DIR}/caissonConfigVersion.cmake
        DESTINATION ${package_directory})

# ---- for pkg-config

# The prefix as seen from the .pc file itself: a moved or staged tree stays right.
set(full_package_directory ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH PREFIX_FROM_PC ${full_package_directory} ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH LIBDIR_IN_PREFIX ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH INCLUDEDIR_IN_PREFIX ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(${PROJECT_SOURCE_DIR}/cmake/caisson.pc.in ${PROJECT_BINARY_DIR}/caisson.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/caisson.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# ---- the manual page and the shells' completions, printed by the command itself

set(documents ${PROJECT_BINARY_DIR}/documents)
file(MAKE_DIRECTORY ${documents})
foreach(row IN ITEMS
    "man|caisson-run.1|${CMAKE_INSTALL_MANDIR}/man1"
    "man-memfd|caisson-memfd.1|${CMAKE_INSTALL_MANDIR}/man1"
    "man-ch-run|caisson-ch-run.1|${CMAKE_INSTALL_MANDIR}/man1"
    "man-enter|caisson-enter.1|${CMAKE_INSTALL_MANDIR}/man1"
    "man-config|caisson-config.5|${CMAKE_INSTALL_MANDIR}/man5"
    "bash|caisson|${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
    "zsh|_caisson|${CMAKE_INSTALL_DATADIR}/zsh/site-functions"
    "fish|caisson.fish|${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
  string(REPLACE "|" ";" row ${row})
  list(GET row 0 kind)
  list(GET row 1 file)
  list(GET row 2 directory)
  add_custom_command(OUTPUT ${documents}/${file}
                     COMMAND caisson_command docs ${kind} > ${documents}/${file}.new
                     COMMAND ${CMAKE_COMMAND} -E rename ${documents}/${file}.new ${documents}/${file}
                     DEPENDS caisson_command
                     COMMENT "Writing ${file}"
                     VERBATIM)
  list(APPEND document_files ${documents}/${file})
  install(FILES ${documents}/${file} DESTINATION ${directory})
endforeach()
add_custom_target(caisson_documents ALL DEPENDS ${document_files})

# ---- the name ch-run, where Charliecloud does not have it

option(CAISSON_CH_RUN "Install a link named ch-run, and completions for that name" OFF)

# install_link(NAME TARGET DIRECTORY)
function(install_link name target directory)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/links/${directory})
  file(CREATE_LINK ${target} ${PROJECT_BINARY_DIR}/links/${directory}/${name} SYMBOLIC)
  install(FILES ${PROJECT_BINARY_DIR}/links/${directory}/${name} DESTINATION ${directory})
endfunction()

if(CAISSON_CH_RUN)
  install_link(ch-run caisson ${CMAKE_INSTALL_BINDIR})
  install_link(ch-run.1 caisson-ch-run.1 ${CMAKE_INSTALL_MANDIR}/man1)
  install_link(ch-run caisson ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install_link(ch-run.fish caisson.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()
