import { describe, expect, test } from 'vitest';
import { portsOf, reachName, reachQuestions } from '../../../bin/doctor/check-context.ts';
import { machineChecks } from '../../../bin/doctor/checks.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { sampleConfig } from '../../lib/synthesis.ts';

function configOf(send: string, control = ''): Config {
  return sampleConfig(`
home: us-east-1
vantages: [us-east-1]
ehloName: probe.example.com
posture: false
${control}
targets: [{ id: submission, host: smtp.example.com, port: 587 }]
roundTrips:
  - id: out
    send: { ${send}, from: canary@example.com, to: seed@example.net }
    receive: { host: imap.example.net, auth: { user: seed, password: { secret: trips/seed } } }
    key: { secret: trips/key }
`);
}

test.each<[string, string, readonly string[]]>([
  ['through port 25', 'host: mx.example.com, port: 25', ['mx.example.com:25', 'smtp.example.com:587']],
  ['through a target, which is asked once', 'via: submission', ['smtp.example.com:587']],
  ['through another server', 'host: out.example.com, port: 465', ['out.example.com:465', 'smtp.example.com:587']],
])('the server of a round trip %s is asked for by doctor', (_, send, expected) => {
  const questions = reachQuestions(configOf(send));
  expect(questions.map(reachName)).toEqual(expected);
  expect(portsOf(questions)).toHaveLength(expected.length);
});

describe('the check of the control target, on one machine', () => {
  const check = (config: Config) => machineChecks(config).find(({ name }) => name === 'control');
  const on25 = 'host: mx.example.com, port: 25';

  test('is there for a round trip through port 25, and names it', async () => {
    const result = await check(configOf(on25))?.run({} as never);
    expect(result).toMatchObject({ outcome: 'warn', detail: expect.stringContaining('roundTrips.out') });
  });

  test('passes with a control target on port 25', async () => {
    const result = await check(configOf(on25, 'control: mail.example.net:25'))?.run({} as never);
    expect(result).toMatchObject({ detail: 'mail.example.net:25' });
  });

  test('is not there otherwise', () => {
    expect(check(configOf('via: submission'))).toBeUndefined();
  });
});
