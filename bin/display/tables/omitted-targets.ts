import type { CurrentTargets } from '../../../lambda/reports/status/current-targets.ts';

/** `2 are left out, watched no more: old, older; --all shows all`; nothing where none is. */
export function omittedTargetLines({ omitted }: CurrentTargets): readonly string[] {
  if (omitted.length === 0) return [];
  const some = omitted.slice(0, 5).join(', ') + (omitted.length > 5 ? ', …' : '');
  const are = omitted.length === 1 ? 'is' : 'are';
  return [`${omitted.length} ${are} left out, watched no more: ${some}; --all shows all`];
}
