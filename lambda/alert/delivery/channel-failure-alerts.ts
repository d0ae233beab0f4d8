/** Alerts about a channel itself, which the other channels carry. Their ids follow from the state of the channel. */
import { foldAlerts } from '../../consensus/incident/fold-alerts-into-digest.ts';
import type { Alert, Incident } from '../../consensus/judgement/incident.ts';
import type { ChannelState, Delivery } from './delivery.ts';

/** The channel has failed several times. */
export function failingChannelAlert(channel: string, state: ChannelState, at: string): Alert {
  const incident = failureIncident(channel, state, at, null);
  const count = `${state.attempts} failed ${state.attempts === 1 ? 'attempt' : 'attempts'}`;
  return alertOf(channel, at, { incident, number: 1, is: 'unknown', reason: `${count}, the last: ${state.lastError}` });
}

/** A subscription of the topic gets nothing. Each check that reports it has another number. */
export function subscriptionAlert(subscriber: string, state: ChannelState, at: string): Alert {
  const incident = failureIncident(subscriber, state, at, null);
  const alert = alertOf(subscriber, at, { incident, number: 1, is: 'unknown', reason: state.lastError ?? '' });
  return { ...alert, id: `${incident.id}#check-${state.attempts}-undelivered` };
}

/** The channel takes alerts again after its failure was reported. */
export function deliversAgainAlert(channel: string, state: ChannelState, at: string): Alert {
  const incident = failureIncident(channel, state, at, at);
  return alertOf(channel, at, { incident, number: 2, is: 'up', reason: 'it takes alerts again' });
}

/** Deliveries were given up after a day. */
export function givenUpAlert(
  channel: string,
  { lastError }: Pick<ChannelState, 'lastError'>,
  deliveries: readonly Delivery[],
  at: string,
): Alert {
  const reason = `gave up ${deliveries.length} undelivered: ${namesOf(deliveries)}; ${lastError ?? 'never tried'}`;
  const { id, digest } = foldAlerts(deliveries.map(({ alert }) => alert));
  const alert = alertOf(channel, at, { incident: null, number: 1, is: 'unknown', reason });
  return { ...alert, id: `${channel}@${digest?.first}#given-up-${id.split('#').at(-1)}` };
}

/** Alerts that a report names. */
const MOST_NAMED = 5;

function namesOf(deliveries: readonly Delivery[]): string {
  const named = deliveries.slice(0, MOST_NAMED).map(({ alert }) => `${alert.kind} ${alert.subject} of ${alert.at}`);
  const more = deliveries.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** The time in which a channel fails, in the form of an incident. */
function failureIncident(channel: string, { failingSince }: ChannelState, at: string, closed: string | null): Incident {
  const opened = failingSince ?? at;
  const id = `${channel}@${opened}`;
  return { id, target: channel, opened, closed, verdict: 'unknown', witnesses: [], timeline: [] };
}

function alertOf(
  channel: string,
  at: string,
  { incident, number, is, reason }: { readonly number: number } & Pick<Alert, 'incident' | 'is' | 'reason'>,
): Alert {
  const was = is === 'up' ? 'unknown' : 'up';
  const id = `${incident?.id ?? channel}#${number}-undelivered`;
  return { id, kind: 'undelivered', subject: channel, at, was, is, incident, votes: [], reason };
}
