/** Which alerts a channel was told, and when. */
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import type { Receiver } from '../../test/local/receivers.ts';

/** When an alert was told, by its id. */
export type Told = Map<string, number[]>;

type Identity = Pick<Alert, 'id' | 'kind' | 'digest'>;

/** Notes each alert of a message about targets; a digest has the ids of its alerts, as far as they fit. */
export function note(told: Told, alerts: readonly Identity[], at: number): void {
  for (const id of alerts.filter(isOfTarget).flatMap(idsOf)) told.set(id, [...(told.get(id) ?? []), at]);
}

/** The monitor's own trouble is told, too: of its history, and of other channels. */
function isOfTarget({ id, kind, digest }: Identity): boolean {
  return kind !== 'undelivered' && (digest !== undefined || id.startsWith('mx'));
}

function idsOf({ id, digest }: Identity): readonly string[] {
  if (digest === undefined) return [id];
  const unnamed = Array.from({ length: digest.count - digest.ids.length }, (_, place) => `${id} and ${place}`);
  return [...digest.ids, ...unnamed];
}

export function toldTo({ taken }: Receiver): Told {
  const told: Told = new Map();
  for (const { at, document } of taken) {
    const { id, kind, digest, replaces } = document;
    note(told, [{ id, kind, ...(digest === null ? {} : { digest }) }], at);
    for (const replaced of replaces) note(told, [{ id: replaced, kind: 'down' }], at);
  }
  return told;
}
