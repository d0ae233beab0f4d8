import type { CurrentTargets } from '../../../lambda/reports/status/current-targets.ts';

/** `2 omitted (no longer monitored): old, older; use --all to show them`; no lines if nothing is omitted. */
export function omittedTargetLines({ omitted }: CurrentTargets): readonly string[] {
  if (omitted.length === 0) return [];
  const some = omitted.slice(0, 5).join(', ') + (omitted.length > 5 ? ', …' : '');
  return [
    `${omitted.length} omitted (no longer monitored): ${some}; use --all to show ${omitted.length === 1 ? 'it' : 'them'}`,
  ];
}
