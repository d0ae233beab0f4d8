import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../../lambda/config/load.ts';
import { diagnoseLists, type PostureDiagnosis } from '../../../lambda/posture-watch/diagnose-lists.ts';
import { releaseOf } from '../../../lib/deployment/release.ts';
import { openWorld } from '../../posture-watch/world.ts';
import type { Answers } from './aws-answers.ts';
import { probeAnswers } from './aws-answers.ts';
import { doctor, folder, readable, remove, stack, YAML } from './healthy-account.ts';

const file = path.join(folder, 'posture.yaml');
writeFileSync(file, `${YAML}posture: [{ domain: example.com }]\nlistKeys: { spamhaus: { secret: lists/spamhaus } }\n`);
const parsed = loadConfig(file);
if (!parsed.ok) throw new Error('the config of the test is not valid');
const release = releaseOf(parsed.config);
afterEach(() => vi.restoreAllMocks());
afterAll(remove);

const healthy: Omit<PostureDiagnosis, 'vantage'> = {
  lists: [
    { zone: '<key>.zen.dq.spamhaus.net', fault: null },
    { zone: 'bl.spamcop.net', fault: null },
  ],
  keys: [{ secret: 'lists/spamhaus', error: null }],
  dnssec: 'no-trusted-path',
};

/** What the posture function answers in a region, and healthy answers of the probes. */
function answers(posture: (region: string) => Omit<PostureDiagnosis, 'vantage'> | Error): Answers {
  const probe = probeAnswers(() => null, readable);
  return {
    DescribeStacksCommand: ({ StackName }) => {
      if (/^mailwatch-(?:home|probe-us-east-1|probe-eu-west-1)$/.test(String(StackName)))
        return stack('UPDATE_COMPLETE', release);
      throw new Error(`Stack with id ${StackName} does not exist`);
    },
    InvokeCommand: (input, region) => {
      const name = region === 'us-east-1' ? 'mailwatch-posture' : 'mailwatch-second-posture';
      if (input.FunctionName !== name) return probe(input, region);
      expect(JSON.parse(String(input.Payload))).toEqual({ diagnose: 'posture' });
      const answer = posture(region);
      if (answer instanceof Error) return answer;
      return { Payload: Buffer.from(JSON.stringify({ vantage: region, ...answer })) };
    },
  };
}

const resultsOf = async (posture: Parameters<typeof answers>[0]) => {
  const { checks } = await doctor(answers(posture), [], file);
  return checks.filter(({ check }) => ['lists', 'list keys', 'DNSSEC'].includes(check));
};

describe('posture of a deployment', () => {
  test('lists answer in both regions; that DNSSEC is not judged is said once, and is no problem', async () => {
    expect(await resultsOf(() => healthy)).toEqual([
      { check: 'lists', region: 'us-east-1', outcome: 'pass', detail: '2 of 2 answer', fix: null },
      { check: 'list keys', region: 'us-east-1', outcome: 'pass', detail: '1 readable', fix: null },
      { check: 'lists', region: 'eu-west-1', outcome: 'pass', detail: '2 of 2 answer', fix: null },
      { check: 'list keys', region: 'eu-west-1', outcome: 'pass', detail: '1 readable', fix: null },
      {
        check: 'DNSSEC',
        region: null,
        outcome: 'pass',
        detail: expect.stringMatching(/^DNSSEC and DANE are not judged: .*resolver: \[https:\S+, https:\S+\]$/),
        fix: null,
      },
    ]);
  });

  test('a list that refuses the resolver of a region is named there, with what to set', async () => {
    const lists = [...healthy.lists, { zone: 'psbl.surriel.com', fault: 'it answers 127.255.255.254\x1b[31m' }];
    const found = await resultsOf((region) => (region === 'eu-west-1' ? { ...healthy, lists } : healthy));
    const problems = found.filter(({ outcome }) => outcome !== 'pass');
    expect(problems).toMatchObject([{ check: 'lists', region: 'eu-west-1', outcome: 'warn' }]);
    expect(problems[0]?.detail).toContain('2 of 3 answer; nothing is known of psbl.surriel.com (it answers');
    expect(problems[0]?.detail).not.toContain('\x1b');
    expect(problems[0]?.fix).toContain('listKeys');
  });

  test.each<[string, Partial<PostureDiagnosis>, string, string]>([
    ['no list answers', { lists: [{ zone: 'bl.spamcop.net', fault: 'no answer' }] }, 'lists', 'fail'],
    ['a key cannot be read', { keys: [{ secret: 'lists/spamhaus', error: 'AccessDenied' }] }, 'list keys', 'fail'],
  ])('%s', async (_, part, check, outcome) => {
    const found = await resultsOf(() => ({ ...healthy, ...part }));
    expect(found.filter((one) => one.check === check).map((one) => one.outcome)).toEqual([outcome, outcome]);
  });

  test('a function that cannot be asked is unable', async () => {
    const found = await resultsOf(() => new Error('TooManyRequestsException'));
    expect(new Set(found.map(({ outcome }) => outcome))).toEqual(new Set(['unable']));
  });

  test('with a resolver that is trusted they are judged', async () => {
    const found = await resultsOf(() => ({ ...healthy, dnssec: 'judged' }));
    expect(found.at(-1)).toMatchObject({ check: 'DNSSEC', detail: 'DNSSEC and DANE are judged' });
  });
});

test('the function asks each list its self-test, and tells neither keys nor what it stores', async () => {
  const dns = () => ({ '2.0.0.127.psbl.surriel.com': { A: ['127.255.255.254'] } });
  const world = openWorld({ config: { listKeys: { abusix: { secret: 'lists/abusix' } } }, dns });
  const { lists, keys, dnssec } = await diagnoseLists(world.ports);
  const faults = new Map(lists.map(({ zone, fault }) => [zone, fault]));
  expect(faults.get('zen.spamhaus.org')).toBe(null);
  expect(faults.get('psbl.surriel.com')).toBe('it answers 127.255.255.254');
  expect(faults.get('bl.spamcop.net')).toBe('it lacks its test entry');
  expect(keys).toEqual([{ secret: 'lists/abusix', error: 'Error: AccessDeniedException' }]);
  expect(dnssec).toBe('no-trusted-path');
  expect(world.writes).toEqual([]);
});
