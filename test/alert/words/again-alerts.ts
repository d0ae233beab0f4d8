/** An outage that is sent for each reason besides its news, and a drill, as tests show them on each channel. */

import type { SentMessage } from '../../../lambda/alert/channels/sender.ts';
import { drillAlert, drillOverAlert } from '../../../lambda/alert/drill/drill-alerts.ts';
import { PLAIN } from '../../../lambda/alert/words/late-delivery-note.ts';
import { foldAlerts } from '../../../lambda/consensus/incident/fold-alerts-into-digest.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { Again } from '../../../lambda/consensus/news/again.ts';
import { alertOfEachKind } from '../alert-of-each-kind.ts';
import { alert, incident } from '../alerts.ts';
import { causedAt, GROUPED, runChannel } from '../delivery/channel-run.ts';

const since = '2026-11-22T05:08:00Z';
const hold = { since, until: '2026-11-22T07:00:00Z' };

/** Each in the form of the alerts that routing makes. */
const AGAIN: Readonly<Record<string, Again>> = {
  step: { why: 'step', since },
  reminder: { why: 'reminder', since, number: 3 },
  'held by a window': { why: 'held', since, hold: { ...hold, why: 'window', what: 'patches' } },
  'held by a mute': { why: 'held', since, hold: { ...hold, why: 'mute', what: 'new cable in rack 4' } },
  'held by a parent': { why: 'held', since, hold: { ...hold, why: 'behind', what: 'gateway1', until: null } },
  'held by hours': { why: 'held', since },
  acknowledged: { why: 'acknowledged', since, by: 'ops@example.com' },
  'acknowledged while muted': {
    ...{ why: 'acknowledged', since, by: 'ops@example.com', isFirst: true },
    hold: { ...hold, why: 'mute', what: 'new cable in rack 4' },
  },
  'acknowledged outside its hours': { why: 'acknowledged', since, by: 'ops@example.com', isFirst: true },
  behind: { why: 'behind', since, behind: ['mx2', 'mx3', 'submission'] },
};

const at = '2026-11-22T07:00:12Z';

function againAlert(again: Again): Alert {
  const isUpdate = (again.why === 'acknowledged' && again.isFirst !== true) || again.why === 'behind';
  const by = again.by === undefined ? {} : { acknowledged: { at, by: again.by } };
  const changed = { at, again, incident: { ...incident, ...by } };
  return isUpdate ? alert('update', { ...changed, was: 'down' }) : alert('down', changed);
}

const open = {
  id: 'drill/drill@2026-11-23T09:00:05Z',
  due: '2026-11-23T09:00:00Z',
  opened: '2026-11-23T09:00:05Z',
  until: '2026-11-23T09:15:05Z',
};
const receivers = [
  { entry: 'email:3f2a9c1b', reached: '2026-11-23T09:00:07Z', why: null },
  { entry: 'slack:C0123ABCD45', reached: '2026-11-23T09:00:08Z', why: null },
  { entry: 'night', reached: null, why: 'HTTP 503' },
];
const closed = { ...open, closed: '2026-11-23T09:15:10Z', receivers };
const acknowledged = { at: '2026-11-23T09:00:47Z', by: 'ops@example.com' };

const NAMES = Array.from({ length: 12 }, (_, nth) => `mx${String(nth + 1).padStart(2, '0')}`);
const group = runChannel(
  NAMES.map((name) => causedAt(0, 'down', name, ['host:gateway.example.com'])),
  GROUPED,
).told[0]?.message;

const { digest: aboveLimit } = foldAlerts(
  Array.from({ length: 212 }, (_, nth) => causedAt(nth % 60, nth < 200 ? 'down' : 'degraded', `mx${nth}`, [])),
);
if (group === undefined || aboveLimit === undefined) throw new Error('no group');

/** By what a golden file calls it. */
export const messageOfEachReason: Readonly<Record<string, SentMessage>> = {
  ...Object.fromEntries(Object.entries(AGAIN).map(([name, again]) => [name, { ...PLAIN, alert: againAlert(again) }])),
  group,
  more: { ...PLAIN, alert: alertOfEachKind.down, more: aboveLimit },
  late: {
    ...PLAIN,
    alert: alertOfEachKind.down,
    sent: at,
    turned: { verdict: 'up', since: '2026-11-22T05:40:00Z' },
    replaces: [alertOfEachKind.degraded],
  },
  drill: { ...PLAIN, alert: drillAlert(open) },
  'drill over': { ...PLAIN, alert: drillOverAlert({ ...closed, acknowledged }) },
  'drill that nobody acknowledged': { ...PLAIN, alert: drillOverAlert(closed) },
};
