import type { JudgePorts } from '../../ports.ts';

/**
 * Milliseconds that a judge keeps for the hand-over of what it has written: up to 200 targets, at 10 ms of vCPU each and half
 * a vCPU, with the time of calls that are retried.
 */
const RESERVE = 10_000;

/** Whether a judge may begin another write. What it leaves is written by the next one. */
export function hasTimeLeft({ timeLeft }: Pick<JudgePorts, 'timeLeft'>): boolean {
  return timeLeft === undefined || timeLeft() > RESERVE;
}
