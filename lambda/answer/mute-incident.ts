import { createHash } from 'node:crypto';
import type { WindowStore } from '../history/windows/window-store.ts';
import type { MuteRequest } from './answer-ports.ts';
import { personName } from './incidents/acknowledge.ts';

/** Mutes the target, domain or round trip of an incident. Its id is made of the request, so that a repetition is the same mute. */
export async function muteIncident(
  windows: Pick<WindowStore, 'writeMute'>,
  { incident, by, from, until }: MuteRequest,
): Promise<void> {
  const { subject, id } = incident;
  const hash = createHash('sha256').update(`${id} ${from} ${until}`).digest('hex').slice(0, 12);
  await windows.writeMute({
    ...{ id: `answer-${hash}`, from, until, targets: [subject] },
    ...{ why: `by a button, during ${id}`, by: personName(by), version: 1 },
  });
}
