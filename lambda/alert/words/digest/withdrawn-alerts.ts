import type { Digest, DigestedAlert } from '../../../consensus/judgement/incident.ts';

/** Whether an incident ended because its target left the config: it is not up again. */
export function hasLeftConfig({ kind, is }: Pick<DigestedAlert, 'kind' | 'is'>): boolean {
  return kind === 'recovered' && is !== 'up';
}

/** How many of the ends that a digest tells are no recoveries. It has words for the first hundred of its alerts alone. */
export function withdrawnCount({ alerts = [] }: Pick<Digest, 'alerts'>, ends: number): number {
  const all = alerts.filter(({ kind }) => kind === 'recovered');
  const withdrawn = all.filter(hasLeftConfig).length;
  return withdrawn === all.length && withdrawn > 0 ? ends : Math.min(withdrawn, ends);
}

/** `10 down, 2 recovered`. */
export function countsText({ kinds, alerts = [] }: Pick<Digest, 'kinds' | 'alerts'>): string {
  const withdrawn = withdrawnCount({ alerts }, kinds.recovered ?? 0);
  const counts = Object.entries(kinds).map(
    ([kind, number]) => [kind, kind === 'recovered' ? number - withdrawn : number] as const,
  );
  return [...counts, ['withdrawn', withdrawn] as const]
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => `${number} ${kind}`)
    .join(', ');
}
