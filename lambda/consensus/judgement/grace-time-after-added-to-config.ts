/** Whether a target or a vantage has been seen since it entered the config. */
import type { Judgement, Memory } from './judgement-state.ts';

/**
 * Time for the deployment of what is new in the config, before missing rounds are reported. Milliseconds. The config names a
 * vantage before its stack exists.
 */
const DEPLOYMENT_TIME = 30 * 60_000;

/** The presence after a pass, and whether the time with the same verdict starts again. */
export interface PresenceChange {
  readonly presence: Memory['presence'];
  /** It entered the config, or recorded its first round. */
  readonly isNew: boolean;
}

/** @param previous null if there is no judgement yet */
export function presenceAfter(previous: Judgement | null, hasRounds: boolean): PresenceChange {
  const was = previous === null ? 'gone' : previous.memory?.presence;
  const isNew = was === 'gone' || (was === 'awaited' && hasRounds);
  return { presence: was !== undefined && !hasRounds ? 'awaited' : undefined, isNew };
}

/** The memory with this presence. The attribute is absent if there is none, so that memories compare as stored. */
export function withPresence({ presence: _, ...memory }: Memory, presence: Memory['presence']): Memory {
  return presence === undefined ? memory : { ...memory, presence };
}

/** Milliseconds in addition to `silence` rounds before missing rounds are reported. */
export function deploymentTime({ presence }: Memory): number {
  return presence === 'awaited' ? DEPLOYMENT_TIME : 0;
}
