/** Milliseconds of the processor that work takes: others use this machine, too. */
export function cpuTime(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The least of some tries: garbage of other work is collected in some of them, and the first ones are compiled. */
export function leastCpuTime(work: () => unknown, tries = 5): number {
  return Math.min(...Array.from({ length: tries }, () => cpuTime(work)));
}
