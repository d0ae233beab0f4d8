import { closestWord } from '../../lambda/config/problems/spelling.ts';
import type { ReportSource } from '../../lambda/reports/source/report-source.ts';
import { UsageError } from './usage-error.ts';

/** @throws UsageError with the target that was probably meant */
export function knownTarget(target: string, { targets }: Pick<ReportSource, 'targets'>): string {
  return known('target', target, targets);
}

/** @throws UsageError with the target or vantage that was probably meant */
export function knownSubject(subject: string, { subjects }: Pick<ReportSource, 'subjects'>): string {
  return known('target', subject, subjects);
}

/** @throws UsageError with the vantage that was probably meant */
export function knownVantage(vantage: string, { vantages }: Pick<ReportSource, 'vantages'>): string {
  return known('vantage', vantage, vantages);
}

function known(noun: string, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  const meant = closestWord(name, names);
  const all = names.length === 0 ? `no ${noun} is known yet` : `known are ${names.join(', ')}`;
  throw new UsageError(`there is no ${noun} '${name}'${meant === null ? `; ${all}` : `; did you mean '${meant}'?`}`);
}
