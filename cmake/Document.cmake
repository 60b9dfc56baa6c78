# SPDX-License-Identifier: Apache-2.0
#
# Writes what `COMMAND docs KIND` prints to FILE. A command that can't print it leaves no file, and
# none is installed.
execute_process(COMMAND ${COMMAND} docs ${KIND} OUTPUT_FILE ${FILE} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  file(REMOVE ${FILE})
  message(WARNING "`caisson docs ${KIND}` ended with ${status}: it will not be installed")
endif()
