/** The events that start the probe, and the assignment that each contains. */
import type { Target } from '../config/config.ts';
import { roundName } from '../consensus/judgement/round-name.ts';
import type { ProbePorts } from '../ports.ts';

/** A round that is due, from EventBridge Scheduler. `scheduled` is the time it was due, not the time it arrived. */
export interface RoundDue {
  readonly scheduled: string;
}

/** The judge requests a second opinion on some targets at once, through EventBridge. */
export interface SecondOpinionEvent {
  readonly 'detail-type': 'Second Opinion Wanted';
  readonly detail: { readonly round: string; readonly targets: readonly string[] };
}

/** A round that is due, from the queue that delays it by the stagger of its vantage. */
export interface QueuedRound {
  readonly Records: readonly { readonly body: string }[];
}

export type ProbeEvent = RoundDue | SecondOpinionEvent | QueuedRound;

export interface Assignment {
  readonly round: string;
  readonly targets: readonly Target[];
}

export function assignmentOf({ config }: ProbePorts, event: ProbeEvent): Assignment {
  if ('detail-type' in event) {
    const wanted = new Set(event.detail.targets);
    return { round: event.detail.round, targets: config.targets.filter(({ id }) => wanted.has(id)) };
  }
  const due: RoundDue = 'Records' in event ? JSON.parse(event.Records[0]?.body ?? '') : event;
  return { round: roundName(Date.parse(due.scheduled), config.policy.every), targets: config.targets };
}
