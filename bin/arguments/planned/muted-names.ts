import { matchesGlob } from '../../../lambda/config/schema/notify/glob.ts';
import { openPostureHistory } from '../../../lambda/history/posture/posture-history.ts';
import { openTripStore } from '../../../lambda/history/trips/trip-store.ts';
import type { ReportSource } from '../../../lambda/reports/source/report-source.ts';
import { closestWord } from '../../../lambda/standards/spelling.ts';
import { UsageError } from '../usage-error.ts';

const PATTERN = /^[A-Za-z0-9._*?-]{1,253}$/;

/** Everything that an alert can be about: targets, domains and round trips. */
export async function mutableNames({ config, table, targets }: ReportSource): Promise<readonly string[]> {
  const [domains, trips] = await Promise.all([
    openPostureHistory(table).postureVerdicts(),
    openTripStore(table).verdicts(),
  ]);
  return [
    ...new Set([
      ...targets,
      ...(config?.posture ?? []).map(({ domain }) => domain),
      ...(config?.roundTrips ?? []).map(({ id }) => id),
      ...domains.map(({ domain }) => domain),
      ...trips.map(({ trip }) => trip),
    ]),
  ];
}

/** @throws UsageError where a pattern matches nothing that is known */
export function checkPatterns(noun: 'target' | 'tag', patterns: readonly string[], known: readonly string[]): void {
  for (const pattern of patterns) {
    if (!PATTERN.test(pattern))
      throw new UsageError(`'${pattern}' is not a name or a pattern: \`*\` stands for any characters, \`?\` for one`);
    if (known.some((name) => matchesGlob(pattern, name))) continue;
    const meant = closestWord(pattern, known);
    const names = known.length === 0 ? `no ${noun} is known yet` : `known: ${known.slice(0, 20).join(', ')}`;
    throw new UsageError(`no ${noun} matches '${pattern}'; ${meant === null ? names : `did you mean '${meant}'?`}`);
  }
}
