// SPDX-License-Identifier: Apache-2.0
//
// One function for each step that the child can carry out, grouped by the file that holds it.
#pragma once

#include "child/outcome.h"
#include "child/start.h"

namespace caisson::child {

// run_step.cc: the right one of those below.
Outcome run_step(const step::Action& action, Progress& progress);

// roots.cc
Outcome run(const step::StopPropagation&, Progress&);
Outcome run(const step::RootFromDirectory&, Progress&);
Outcome run(const step::RootFromOverlay&, Progress&);
Outcome run(const step::RootFromTmpfs&, Progress&);
Outcome run(const step::RestrictRoot&, Progress&);
Outcome run(const step::Pivot&, Progress&);
Outcome run(const step::Chroot&, Progress&);
Outcome run(const step::LockMounts&, Progress&);

// proc_self.cc
Outcome run(const step::HoldProcSelf&, Progress&);
Outcome run(const step::OpenProcSelfFd&, Progress&);
Outcome run(const step::OpenMountinfo&, Progress&);

// peers.cc
Outcome run(const step::JoinNamespaces&, Progress&);
Outcome run(const step::OfferNamespaces&, Progress&);

// mounts.cc
Outcome run(const step::AttachBind&, Progress&);
Outcome run(const step::AttachNew&, Progress&);
Outcome run(const step::AttachFiles&, Progress&);
Outcome run(const step::MakePlace&, Progress&);
Outcome run(const step::MakeSymlink&, Progress&);

// sealed_file.cc
Outcome run(const step::GiveSealedFile&, Progress&);

// executable.cc
Outcome run(const step::ProtectExecutable&, Progress&);

// process.cc
Outcome run(const step::SignalOnParentDeath&, Progress&);
Outcome run(const step::WriteFile&, Progress&);
Outcome run(const step::NewSession&, Progress&);
Outcome run(const step::Redirect&, Progress&);
Outcome run(const step::RedirectDescriptors&, Progress&);
Outcome run(const step::BringUpLoopback&, Progress&);
Outcome run(const step::SetHostname&, Progress&);
Outcome run(const step::SetDomainname&, Progress&);
Outcome run(const step::SetAffinity&, Progress&);
Outcome run(const step::SetPersonality&, Progress&);
Outcome run(const step::DefaultSignal&, Progress&);
Outcome run(const step::ChangeDirectory&, Progress&);
Outcome run(const step::SetLimit&, Progress&);
Outcome run(const step::CloseDescriptors&, Progress&);
Outcome run(const step::Call&, Progress&);

// hook.cc
Outcome run(const step::RunHook&, Progress&);

// credentials.cc
Outcome run(const step::SetIds&, Progress&);
Outcome run(const step::BoundCapabilities&, Progress&);
Outcome run(const step::KeepCapabilities&, Progress&);
Outcome run(const step::ForbidNewPrivileges&, Progress&);
Outcome run(const step::InstallSeccomp&, Progress&);
Outcome run(const step::CheckFakeRoot&, Progress&);

// Writes a short file of the kernel's, relative to `dir`.
Outcome write_file(Progress& progress, int dir, const char* path, const char* subject,
                   const char* content, size_t size);

}  // namespace caisson::child
