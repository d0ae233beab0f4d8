/** Decides when a server without a greeting gets a ClientHello, which leaves a warning in the log of a mail server. */
import { createHash } from 'node:crypto';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Once an hour, in the minute that the id of the target hashes to, so that all vantages ask in the same round.
 * @param every length of a round in milliseconds
 */
export function isClientHelloTurn(target: string, round: string, every: number): boolean {
  const turn = (createHash('sha256').update(target).digest().readUInt32BE() % 60) * MINUTE;
  const sinceTurn = (Date.parse(round) - turn) % HOUR;
  return every >= HOUR || (sinceTurn + HOUR) % HOUR < every;
}
