/** Probabilities of faults, from 0 to 1. */
export interface Faults {
  /** A probe of a target that is up fails. */
  readonly probeLoss: number;
  /** The Scheduler does not fire, fires twice, or fires up to 50 s late. */
  readonly scheduleMissed: number;
  readonly scheduleDoubled: number;
  readonly scheduleLate: number;
  /** The bus rejects, drops or duplicates an event. Latencies reorder events. */
  readonly busRefuses: number;
  readonly busDrops: number;
  readonly busDoubles: number;
  /** The table rejects a request, or executes it and the response is lost. */
  readonly tableThrottles: number;
  readonly tableAnswerLost: number;
  /** Maximum age in milliseconds of an eventually consistent read. */
  readonly staleRead: number;
  /** SNS rejects an alert, or accepts it and responds with an error. */
  readonly snsRefuses: number;
  readonly snsTakesThenFails: number;
  /** The function is killed before or after a call. */
  readonly killed: number;
  /** Maximum clock error of an invocation in milliseconds. */
  readonly clockSkew: number;
}

export const NO_FAULTS: Faults = {
  probeLoss: 0,
  scheduleMissed: 0,
  scheduleDoubled: 0,
  scheduleLate: 0,
  busRefuses: 0,
  busDrops: 0,
  busDoubles: 0,
  tableThrottles: 0,
  tableAnswerLost: 0,
  staleRead: 0,
  snsRefuses: 0,
  snsTakesThenFails: 0,
  killed: 0,
  clockSkew: 0,
};

export const MANY_FAULTS: Faults = {
  probeLoss: 0.005,
  scheduleMissed: 0.02,
  scheduleDoubled: 0.02,
  scheduleLate: 0.02,
  busRefuses: 0.02,
  busDrops: 0.03,
  busDoubles: 0.03,
  tableThrottles: 0.004,
  tableAnswerLost: 0.004,
  staleRead: 5000,
  snsRefuses: 0.1,
  snsTakesThenFails: 0.1,
  killed: 0.005,
  clockSkew: 3000,
};
