/** Probabilities of faults, from 0 to 1. */
export interface Faults {
  /** A probe of a target that is up fails. */
  readonly probeLoss: number;
  /** A probe of a target that is up takes more than half a round: its sample is added to the round later. */
  readonly probeSlow: number;
  /** An outage of a single target is a server that hangs until the deadline: all its samples are added later. */
  readonly hungServers: number;
  /** The Scheduler does not fire, fires twice, or fires anywhere in its minute. */
  readonly scheduleMissed: number;
  readonly scheduleDoubled: number;
  readonly scheduleLate: number;
  /**
   * The bus rejects an event, accepts it and responds with an error, drops it, delivers it twice within a second, or
   * delivers it minutes late. Latencies reorder events.
   */
  readonly busRefuses: number;
  readonly busTakesThenFails: number;
  readonly busDrops: number;
  readonly busDoubles: number;
  readonly busLate: number;
  /** The table rejects a request, executes it and the response is lost, or executes it and the client times out. */
  readonly tableThrottles: number;
  readonly tableAnswerLost: number;
  readonly tableTimesOut: number;
  /** Maximum age in milliseconds of an eventually consistent read. */
  readonly staleRead: number;
  /** SNS rejects an alert, or accepts it and responds with an error. */
  readonly snsRefuses: number;
  readonly snsTakesThenFails: number;
  /** The function is killed before or after a call. */
  readonly killed: number;
  /** Lambda runs a function twice at once for one event. */
  readonly runsTwice: number;
  /** Maximum clock error of an invocation in milliseconds. */
  readonly clockSkew: number;
  /** Factors for the frequency of outages of a single target, of outages that several share, and of faults of vantages and links. */
  readonly singleOutages: number;
  readonly sharedOutages: number;
  readonly vantageFaults: number;
  /** A judge has little time left and may not write all it decided. */
  readonly outOfTime: number;
  /** Factor for the frequency of greylisting: of minutes, which is usual, and of hours. */
  readonly greylisting: number;
  /** The clock of an invocation was set: it is wrong by up to three minutes, ahead or behind. */
  readonly clockStep: number;
}

export const NO_FAULTS: Faults = {
  probeLoss: 0,
  probeSlow: 0,
  hungServers: 0,
  scheduleMissed: 0,
  scheduleDoubled: 0,
  scheduleLate: 0,
  busRefuses: 0,
  busTakesThenFails: 0,
  busDrops: 0,
  busDoubles: 0,
  busLate: 0,
  tableThrottles: 0,
  tableAnswerLost: 0,
  tableTimesOut: 0,
  staleRead: 0,
  snsRefuses: 0,
  snsTakesThenFails: 0,
  killed: 0,
  runsTwice: 0,
  clockSkew: 0,
  singleOutages: 0.01,
  sharedOutages: 0.01,
  vantageFaults: 0.01,
  outOfTime: 0,
  greylisting: 0,
  clockStep: 0,
};

export const MANY_FAULTS: Faults = {
  probeLoss: 0.005,
  probeSlow: 0.005,
  hungServers: 0.3,
  scheduleMissed: 0.02,
  scheduleDoubled: 0.02,
  scheduleLate: 0.02,
  busRefuses: 0.02,
  busTakesThenFails: 0.01,
  busDrops: 0.03,
  busDoubles: 0.03,
  busLate: 0.01,
  tableThrottles: 0.004,
  tableAnswerLost: 0.004,
  tableTimesOut: 0.002,
  staleRead: 5000,
  snsRefuses: 0.1,
  snsTakesThenFails: 0.1,
  killed: 0.005,
  runsTwice: 0.01,
  clockSkew: 3000,
  singleOutages: 1,
  sharedOutages: 0.25,
  vantageFaults: 1,
  outOfTime: 0.003,
  greylisting: 0.5,
  clockStep: 0.002,
};

/** Few enough that most outages are reported without a fault in between, so that the time it takes can be bounded. */
export const FEW_FAULTS: Faults = {
  ...NO_FAULTS,
  probeLoss: 0.0001,
  probeSlow: 0.0001,
  hungServers: 0.3,
  scheduleMissed: 0.0005,
  scheduleDoubled: 0.0005,
  scheduleLate: 0.02,
  busRefuses: 0.0005,
  busDrops: 0.0005,
  busDoubles: 0.02,
  tableAnswerLost: 0.0002,
  staleRead: 5000,
  snsTakesThenFails: 0.001,
  killed: 0.0001,
  runsTwice: 0.02,
  clockSkew: 200,
  singleOutages: 0.2,
  sharedOutages: 1,
  vantageFaults: 0.05,
};
