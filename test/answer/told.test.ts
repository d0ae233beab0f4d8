import { expect, test } from 'vitest';
import { acknowledge } from '../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import type { StoredNotification } from '../../lambda/consensus/notification/notification.ts';
import { openBounceHistory } from '../../lambda/history/bounces/bounce-history.ts';
import { openPostureHistory } from '../../lambda/history/posture/posture-history.ts';
import { openTripStore } from '../../lambda/history/trips/trip-store.ts';
import { factsOfDomain } from '../../lambda/judge/routing/facts-of-domain.ts';
import type { JudgePorts } from '../../lambda/ports.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { INCIDENTS, NOW, storeIncidents } from './answered.ts';

const kinds: readonly (readonly [string, Partial<Alert>])[] = [
  [INCIDENTS.listed, { kind: 'listed', subject: 'example.com' }],
  [INCIDENTS.posture, { kind: 'posture', subject: 'example.com' }],
  [INCIDENTS.trip, { kind: 'trip', subject: 'out' }],
  [INCIDENTS.bounces, { kind: 'bounces', subject: 'example.com', bounces: { rates: [], more: 0 } }],
];

test.each(kinds)('the next pass of the judge knows who acknowledged %s, in any minute', async (incident, alert) => {
  const table = openInMemoryTable(() => NOW);
  await storeIncidents(table);
  for (let minute = 0; minute < 10; minute++) {
    const ports = {
      postures: openPostureHistory(table),
      trips: openTripStore(table),
      bounces: openBounceHistory(table),
      now: () => NOW + minute * 60_000,
    } as unknown as JudgePorts;
    const facts = () => factsOfDomain(ports, { alert, incident } as unknown as StoredNotification);
    if (minute === 0) expect((await facts()).acknowledged).toBeNull();
    await acknowledge(openIncidentStores(table), incident, 'ops@example.com', NOW);
    expect((await facts()).acknowledged?.by).toBe('ops@example.com');
  }
});
