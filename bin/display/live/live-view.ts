import type { SentMessage } from '../../../lambda/alert/channels/sender.ts';
import type { PostureReport } from '../../../lambda/posture-watch/run-report.ts';
import type { Sample } from '../../../lambda/smtp/sample/sample.ts';
import type { TripReport } from '../../../lambda/trip-run/trip-report.ts';
import type { Board } from './board.ts';

/** What `start` shows of the monitor. */
export interface LiveView {
  /** Texts for a person who reads along. */
  say(...lines: readonly string[]): void;
  showRound(board: Board): void;
  /** After its round: probes that ended later. */
  showLateSamples(late: LateSamplesOfVantage): void;
  showAlert(message: SentMessage): void;
  showPosture(report: PostureReport): void;
  showTrips(report: TripReport): void;
  showProblem(problem: LiveProblem): void;
}

/** What a vantage saw in probes that ended after their round was recorded. */
export interface LateSamplesOfVantage {
  /** Name of the round, ISO UTC. */
  readonly round: string;
  readonly number: number;
  readonly vantage: string;
  readonly samples: ReadonlyMap<string, Sample>;
}

/** A problem of the monitor itself. */
export interface LiveProblem {
  readonly level: 'warn' | 'error';
  /** One line or more, escaped. */
  readonly text: string;
}
