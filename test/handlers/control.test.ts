import { expect, test } from 'vitest';
import { excused } from '../../lambda/control.ts';
import { finding } from '../../lambda/smtp/failures.ts';
import { unreachedSample } from '../../lambda/smtp/sampling.ts';

const timedOut = (host: string) => unreachedSample([finding('connect-timeout', { detail: `${host}: no answer` })], 0);

test('a target that fails as the control target does is not blamed, and both are named', () => {
  const [sample] = excused([{ port: 25, sample: timedOut('mx1') }], timedOut('control'), 25);
  expect(sample).toMatchObject({
    outcome: 'unable',
    code: 'control-unreachable',
    detail: 'mx1: no answer; the control target, too: control: no answer',
  });
});
