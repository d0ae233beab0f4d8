import type { ReportSource } from '../../lambda/reports/source/report-source.ts';
import { closestWord } from '../../lambda/standards/spelling.ts';
import { UsageError } from './usage-error.ts';

/** @throws UsageError that suggests a target */
export function knownTarget(target: string, { targets }: Pick<ReportSource, 'targets'>): string {
  return assertKnown('target', target, targets);
}

/** @throws UsageError that suggests a target or vantage */
export function knownSubject(subject: string, { subjects }: Pick<ReportSource, 'subjects'>): string {
  return assertKnown('target', subject, subjects);
}

/** @throws UsageError that suggests a vantage */
export function knownVantage(vantage: string, { vantages }: Pick<ReportSource, 'vantages'>): string {
  return assertKnown('vantage', vantage, vantages);
}

function assertKnown(noun: string, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  const meant = closestWord(name, names);
  const all = names.length === 0 ? `no ${noun} is known yet` : `known: ${names.join(', ')}`;
  throw new UsageError(`there is no ${noun} '${name}'${meant === null ? `; ${all}` : `; did you mean '${meant}'?`}`);
}
