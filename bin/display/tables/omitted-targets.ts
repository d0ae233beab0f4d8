import type { CurrentTargets } from '../../../lambda/reports/status/current-targets.ts';

/** `2 are left out, watched no more: old, older; --all shows all`; nothing where none is. */
export function omittedTargetLines({ leftOut }: CurrentTargets): readonly string[] {
  if (leftOut.length === 0) return [];
  const some = leftOut.slice(0, 5).join(', ') + (leftOut.length > 5 ? ', …' : '');
  const are = leftOut.length === 1 ? 'is' : 'are';
  return [`${leftOut.length} ${are} left out, watched no more: ${some}; --all shows all`];
}
