import { expect, test, vi } from 'vitest';
import { logJson } from '../../lambda/aws/log.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { target, testPorts } from '../ports.ts';

test('what a pass could not do is logged through the port, and is not complete', async () => {
  const { ports, logged } = testPorts([target('mx1', 25)]);
  const broken = { ...ports.history, writeJudgement: () => Promise.reject(new Error('no room')) };
  const spy = vi.spyOn(console, 'error');
  const { failed } = await judge({ ...ports, history: broken });
  expect(failed).toContain('mx1');
  const facts = { what: 'mx1', error: 'Error: no room' };
  expect(logged).toContainEqual({ level: 'error', message: 'not done in this pass', facts });
  expect(spy).not.toHaveBeenCalled();
  spy.mockRestore();
});

test.each(['warn', 'error'] as const)('on AWS a log entry of level %s is one line of JSON', (level) => {
  const spy = vi.spyOn(console, level).mockReturnValue();
  logJson({ level, message: 'not done in this pass', facts: { what: 'mx1', error: 'a\nb' } });
  expect(spy.mock.calls).toEqual([
    [`{"level":"${level}","message":"not done in this pass","what":"mx1","error":"a\\nb"}`],
  ]);
  spy.mockRestore();
});
