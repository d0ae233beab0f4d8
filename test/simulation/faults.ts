/** How often the world misbehaves: probabilities of each single thing, from 0 to 1. */
export interface Faults {
  /** A probe of a healthy target that sees it fail. */
  readonly probeLoss: number;
  /** The Scheduler does not fire, fires twice, fires up to 50 s late. */
  readonly scheduleMissed: number;
  readonly scheduleDoubled: number;
  readonly scheduleLate: number;
  /** The bus refuses, drops or doubles an event; latencies alone reorder them. */
  readonly busRefuses: number;
  readonly busDrops: number;
  readonly busDoubles: number;
  /** The table refuses a request for good, or does it and its answer is lost. */
  readonly tableThrottles: number;
  readonly tableAnswerLost: number;
  /** A read that does not ask for consistency is up to so many milliseconds old. */
  readonly staleRead: number;
  /** SNS refuses an alert, or takes it and then answers with an error. */
  readonly snsRefuses: number;
  readonly snsTakesThenFails: number;
  /** The function ends before or after any one call it makes. */
  readonly killed: number;
  /** The clock of an invocation is wrong by up to so many milliseconds. */
  readonly clockSkew: number;
}

export const CALM: Faults = {
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

export const STORMY: Faults = {
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
