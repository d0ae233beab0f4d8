/** Tells the posture of a domain run by run: what each vantage sees, and what people are told. */
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { addRun } from '../../../lambda/consensus/posture/add-run.ts';
import { judgePosture } from '../../../lambda/consensus/posture/judge-posture.ts';
import { POSTURE_REMINDER, type PosturePolicy } from '../../../lambda/consensus/posture/posture-policy.ts';
import type { PostureState } from '../../../lambda/consensus/posture/posture-state.ts';
import type { PostureVerdict } from '../../../lambda/consensus/posture/posture-verdict.ts';
import { POSTURE_AREAS, type PostureArea } from '../../../lambda/posture/codes/code.ts';
import type { PostureFinding } from '../../../lambda/posture/finding.ts';
import { at, MINUTE, START } from './runs.ts';

/** What a vantage sees in one run; null if it does not run. */
export type Sight = readonly PostureFinding[] | null;

export interface Story {
  /** By vantage, a sight for each step. */
  readonly sights: Readonly<Record<string, readonly Sight[]>>;
  /** Minutes from one step to the next; 15 by default. */
  readonly step?: number;
  readonly areas?: readonly PostureArea[];
  readonly policy?: Partial<PosturePolicy>;
}

export interface Told {
  /** The step in which it was told, from 0. */
  readonly step: number;
  readonly alert: Alert;
}

export interface Ending {
  readonly told: readonly Told[];
  readonly verdict: PostureVerdict | null;
  readonly states: ReadonlyMap<string, PostureState>;
}

export function tellPosture({ sights, step = 15, areas = POSTURE_AREAS, policy: changed }: Story): Ending {
  const vantages = Object.keys(sights);
  const policy: PosturePolicy = { vantages, ignore: [], reminder: POSTURE_REMINDER, warnings: false, ...changed };
  const states = new Map<string, PostureState>();
  const looked = new Map<string, Partial<Record<PostureArea, string>>>();
  const told: Told[] = [];
  let verdict: PostureVerdict | null = null;
  const steps = Math.max(...Object.values(sights).map(({ length }) => length));
  for (let nth = 0; nth < steps; nth += 1) {
    const [began, now] = [at(nth * step), START + nth * step * MINUTE + 20_000];
    for (const [vantage, own] of Object.entries(sights)) {
      const findings = own[nth] ?? null;
      if (findings === null) continue;
      const run = { domain: 'example.com', vantage, began, ended: began, areas, findings };
      states.set(vantage, addRun(states.get(vantage) ?? null, run, now));
      looked.set(vantage, Object.fromEntries(areas.map((area) => [area, began])));
    }
    const witnesses = vantages.map((vantage) => {
      return { vantage, state: states.get(vantage) ?? null, areas: looked.get(vantage) ?? {} };
    });
    const next: PostureVerdict = judgePosture({ domain: 'example.com', previous: verdict, witnesses, policy, now });
    told.push(...next.owed.map((alert) => ({ step: nth, alert })));
    verdict = { ...next, owed: [] };
  }
  return { told, verdict, states };
}

/** `2 listed`, `9 delisted`: the step and the kind of each alert. */
export function linesOf({ told }: Ending): readonly string[] {
  return told.map(({ step, alert }) => `${step} ${alert.posture?.isReminder ? 'still ' : ''}${alert.kind}`);
}

/** `LL.L?`: each letter is a run. `.` nothing found, `-` no run; others as in `sees`. */
export function sightsOf(row: string, sees: Readonly<Record<string, readonly PostureFinding[]>>): readonly Sight[] {
  return Array.from(row, (letter) => (letter === '-' ? null : letter === '.' ? [] : (sees[letter] ?? [])));
}
