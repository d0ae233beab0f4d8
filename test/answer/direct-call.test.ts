import { expect, test } from 'vitest';
import { customNotification } from '../../lambda/alert/channels/pagers/amazon-q.ts';
import { PLAIN } from '../../lambda/alert/words/late-delivery-note.ts';
import { answerCall, isUrlEvent } from '../../lambda/answer/direct-call.ts';
import { findOpenIncident } from '../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import { alert, context } from '../alert/alerts.ts';
import { INCIDENTS, openAnswered } from './answered.ts';

test.each(Object.entries(INCIDENTS))('Amazon Q acknowledges an incident: %s', async (_, incident) => {
  const { ports, table } = await openAnswered();
  const by = 'somebody (Amazon Q)';
  expect(await answerCall(ports, { acknowledge: incident })).toEqual({ outcome: 'acknowledged', incident, by });
  expect((await findOpenIncident(openIncidentStores(table), incident))?.acknowledged?.by).toBe(by);
  expect(await answerCall(ports, { acknowledge: incident, by: 'ops' })).toEqual({ outcome: 'already', incident, by });
});

test('the payload of the custom action takes the incident out of the notification', async () => {
  const { ports } = await openAnswered();
  const { additionalContext } = customNotification({ ...PLAIN, alert: alert('down') }, context).metadata;
  const done = await answerCall(ports, { acknowledge: additionalContext.incident });
  expect(done.incident).toBe(alert('down').incident?.id);
});

test('an incident that is over, or none', async () => {
  const { ports } = await openAnswered();
  const acknowledge = 'mx1@2020-01-01T00:00:00Z';
  expect(await answerCall(ports, { acknowledge })).toEqual({ outcome: 'over', incident: acknowledge, by: null });
});

test.each([
  {},
  { acknowledge: '' },
  { acknowledge: ['mx1'] },
  { acknowledge: 'x'.repeat(2_000) },
  { acknowledge: 'mx1@x', by: {} },
])('%j is no call', async (call) => {
  const { ports } = await openAnswered();
  await expect(answerCall(ports, call)).rejects.toThrow('expected { "acknowledge"');
});

test('what comes through the function URL is never a call, whatever its body says', () => {
  const event = {
    version: '2.0',
    rawPath: '/',
    headers: {},
    requestContext: { http: { method: 'POST', sourceIp: '192.0.2.1' } },
    body: JSON.stringify({ acknowledge: INCIDENTS.target }),
    isBase64Encoded: false,
  };
  expect(isUrlEvent(event)).toBe(true);
  expect(isUrlEvent({ ...event, acknowledge: INCIDENTS.target })).toBe(true);
  expect(isUrlEvent({ acknowledge: INCIDENTS.target })).toBe(false);
});
