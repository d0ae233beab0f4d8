import type { Board } from '../../../../bin/display/live/board.ts';
import type { Judgement } from '../../../../lambda/consensus/judgement/judgement-state.ts';
import type { Verdict } from '../../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { Outcome, Sample } from '../../../../lambda/smtp/sample/sample.ts';

const failure = { phase: 'greeting', code: 'greeting-refused', reply: '554 5.3.1 Disk\x1b[31m full', detail: null };
const noFailure = { phase: null, code: null, reply: '250 OK', detail: null };

/** One round of two targets from one vantage; of `mx1` the outcome and the verdict are given. */
export function boardOf(round: string, outcome: Outcome, verdict: Verdict | null, number = 1): Board {
  return {
    round,
    number,
    vantages: ['local'],
    rows: [rowOf('mx1', outcome, verdict), rowOf('mx2', 'pass', 'up')],
  };
}

function rowOf(target: string, outcome: Outcome, verdict: Verdict | null): Board['rows'][number] {
  const sample = { outcome, total: 12.5, timings: {}, ...(outcome === 'fail' ? failure : noFailure) };
  return {
    target,
    where: `${target}.example.com:25`,
    samples: new Map([['local', sample as unknown as Sample]]),
    judgement: verdict === null ? null : ({ verdict } as Judgement),
  };
}
