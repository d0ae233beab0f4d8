import { expect, test } from 'vitest';
import { addEvidence } from '../../../lambda/consensus/incident/evidence.ts';
import type { JudgementInputs } from '../../../lambda/consensus/judgement/draft.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import type { Observation } from '../../../lambda/consensus/judgement/observation.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { MINUTE, policyOf, START, sampleOf } from '../samples.ts';

const opened = isoSeconds(START);
const incident: Incident = {
  id: `mx1@${opened}`,
  target: 'mx1',
  opened,
  closed: null,
  verdict: 'down',
  witnesses: [],
  timeline: [],
};

function seenInTurn(...failures: readonly Partial<Observation>[]): Incident {
  return failures.reduce<Incident>((current, failure, minute) => {
    const newest = { ...sampleOf('f', 'a', START + minute * MINUTE), phase: 'greeting', ...failure };
    const { round } = newest;
    const streak = { since: round, failures: 1, problems: [{ ...newest, second: round }], warning: null };
    const ballots = [{ vantage: 'a', vote: 'down', why: '', newest, ...streak }] as const;
    const decision = { verdict: 'down', reason: '', warning: null } as const;
    return addEvidence(current, {
      ballots,
      decision,
      at: round,
      policy: policyOf(['a']),
    } as unknown as JudgementInputs);
  }, incident);
}

const codesOf = ({ witnesses, timeline }: Incident) => [witnesses[0]?.code, timeline.length];

// A ClientHello tells the cause once an hour.
test.each<[string, Partial<Observation>[], [string, number]]>([
  ['silence, until the cause is known', [{ code: 'silence' }, { code: 'tls-on-plain-port' }], ['tls-on-plain-port', 2]],
  [
    'the cause stays while nobody asks',
    [{ code: 'tls-on-plain-port' }, { code: 'silence' }, { code: 'tls-on-plain-port' }, { code: 'silence' }],
    ['tls-on-plain-port', 1],
  ],
  ['the same for a web server', [{ code: 'not-smtp-http' }, { code: 'silence' }], ['not-smtp-http', 1]],
  ['another failure replaces it', [{ code: 'tls-on-plain-port' }, { code: 'closed' }], ['closed', 2]],
  ['another phase replaces it', [{ code: 'tls-on-plain-port' }, { code: 'silence', phase: 'ehlo' }], ['silence', 2]],
  ['other causes give way to silence', [{ code: 'closed' }, { code: 'silence' }], ['silence', 2]],
])('%s', (_, failures, expected) => {
  expect(codesOf(seenInTurn(...failures))).toEqual(expected);
});
