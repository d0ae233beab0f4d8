import { describe, expect, test } from 'vitest';
import { applyBlockedPort } from '../../lambda/probe/reachability/blocked-port.ts';
import { applyControlResult, probeControl } from '../../lambda/probe/reachability/control-target.ts';
import { finding } from '../../lambda/smtp/failures/failures.ts';
import { unreachedSample } from '../../lambda/smtp/sample/build-sample.ts';
import { testPorts } from '../ports.ts';

const timedOut = (host: string) => unreachedSample([finding('connect-timeout', { detail: `${host}: no answer` })], 0);

test('a target that fails as the control target does becomes unable, with both failures in the detail', () => {
  const [sample] = applyControlResult([{ port: 25, sample: timedOut('mx1') }], timedOut('control'), 25);
  expect(sample).toMatchObject({
    outcome: 'unable',
    code: 'control-unreachable',
    detail: 'mx1: no answer; the control target failed too: control: no answer',
  });
});

describe('on a port that the network drops', () => {
  const refused = unreachedSample([finding('connect-refused', { detail: 'mx1: ECONNREFUSED' })], 0);
  const nameless = unreachedSample([finding('dns-nxdomain', { detail: 'mx1' })], 0);
  // A domain of two MX hosts: the finding that decides its outcome is not the timeout.
  const domain = unreachedSample([...nameless.findings, ...timedOut('mx2').findings], 0);

  test.each([
    ['no answer', 25, timedOut('mx1'), 'port-blocked'],
    ['no answer of one of a domain', 25, domain, 'port-blocked'],
    ['no answer on another port', 587, timedOut('mx1'), 'connect-timeout'],
    ['a refusal', 25, refused, 'connect-refused'],
    ['no such name', 25, nameless, 'dns-nxdomain'],
  ])('%s at port %i', (_, port, sample, code) => {
    expect(applyBlockedPort({ port, sample }, 25).sample.code).toBe(code);
    expect(applyBlockedPort({ port, sample }, undefined).sample).toBe(sample);
  });
});

test('a control target behind a blocked port is not probed: it would make samples on other ports unable', async () => {
  const { ports } = testPorts([], { control: { host: '127.0.0.1', port: 25 } });
  expect(await probeControl({ ...ports, blockedPort: 25 }, {})).toBeNull();
});
