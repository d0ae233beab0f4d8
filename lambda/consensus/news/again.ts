/** Why an incident that people know, or that nobody was told of yet, is told now. */

/** Why nobody is told of an incident for a time. */
export type HoldKind =
  /** Planned work, from the config. */
  | 'window'
  /** By hand. */
  | 'mute'
  /** A target through which this one is reached is down. */
  | 'behind';

export interface Hold {
  readonly why: HoldKind;
  /** The name of the window or of the target, or the words of the mute. */
  readonly what: string;
  /** When it began to hold this incident, ISO 8601 UTC. */
  readonly since: string;
  /** Its planned end, ISO 8601 UTC; null if it is not known. */
  readonly until: string | null;
}

export interface Again {
  readonly why: /** The time of `after` has passed, and nobody acknowledged the incident. */
    | 'step'
    /** The time of `repeat` has passed. */
    | 'reminder'
    /** A hold or the time outside the hours of the receiver is over, and the incident is open. */
    | 'held'
    | 'acknowledged'
    /** Targets that are reached through this one are down, too. */
    | 'behind';
  /** When the incident was first to be told, ISO 8601 UTC. */
  readonly since: string;
  /** Of a reminder: its number, from 1. */
  readonly number?: number;
  /** What held it; absent if it was the hours of the receiver. */
  readonly hold?: Hold;
  /** Who acknowledged it. */
  readonly by?: string;
  /** Of an acknowledged incident: its receivers have not heard of it before. */
  readonly isFirst?: true;
  /** The targets that are down behind this one. */
  readonly behind?: readonly string[];
  /** How many others are down behind it. */
  readonly more?: number;
}
