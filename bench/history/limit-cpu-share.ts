/** A share of a processor for one process, as Lambda gives it by memory: a control group of Linux's CPU controller. */

import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';

/** Microseconds after which a process that has used up its share may go on; Lambda's own is not documented. */
const PERIOD = 20_000;

/** Version 1 of control groups has a folder for each controller, version 2 one for all. */
const VERSIONS = [
  {
    folder: '/sys/fs/cgroup/cpu',
    limit: (quota: number) => ({ 'cpu.cfs_period_us': PERIOD, 'cpu.cfs_quota_us': quota }),
  },
  { folder: '/sys/fs/cgroup', limit: (quota: number) => ({ 'cpu.max': `${quota} ${PERIOD}` }) },
] as const;

/** Gives the process its share from now on; null where this machine does not let us. The end of the share is returned. */
export function giveShare(pid: number, share: number): (() => void) | null {
  const version = VERSIONS.find(({ folder }) => existsSync(folder));
  if (version === undefined) return null;
  const group = `${version.folder}/smtp-quorum-bench-${pid}`;
  try {
    mkdirSync(group);
    const limits = version.limit(Math.round(share * PERIOD));
    for (const [name, value] of Object.entries(limits)) writeFileSync(`${group}/${name}`, String(value));
    writeFileSync(`${group}/cgroup.procs`, String(pid));
  } catch {
    return null;
  }
  // Once the process has ended: a group with a process in it cannot be removed.
  return () => rmdirSync(group);
}
