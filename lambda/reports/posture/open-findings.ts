import type { JudgedFinding } from '../../consensus/posture/posture-verdict.ts';
import { openPostureHistory } from '../../history/posture/posture-history.ts';
import type { ReportSource } from '../source/report-source.ts';

/** A finding that people were told of, and that is not over. */
export interface OpenFinding extends Pick<JudgedFinding, 'kind' | 'code' | 'subject' | 'since'> {
  readonly domain: string;
  /** Who acknowledged it; null if nobody did. */
  readonly acknowledged: string | null;
}

export async function openFindings({ table }: Pick<ReportSource, 'table'>): Promise<readonly OpenFinding[]> {
  const verdicts = await openPostureHistory(table).postureVerdicts();
  return verdicts.flatMap(({ domain, findings, episodes }) =>
    findings
      .filter(({ state }) => state === 'told')
      .map(({ kind, code, subject, since }) => {
        return { domain, kind, code, subject, since, acknowledged: episodes[kind]?.acknowledged?.by ?? null };
      }),
  );
}
