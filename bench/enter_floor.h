/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Divides this process as spec_for_entering(directory, EnterMode::namespaces) has it for an
 * ordinary user, and comes back in both: the supervisor gets the init's process id and a pidfd of
 * it, the process inside 0. What goes wrong ends the process. */
int floor_enter(const char* directory, int* pidfd);

#ifdef __cplusplus
}
#endif
