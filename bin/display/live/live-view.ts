import type { SentMessage } from '../../../lambda/alert/channels/sender.ts';
import type { PostureReport } from '../../../lambda/posture-watch/run-report.ts';
import type { Board } from './board.ts';

/** What `start` shows of the monitor. */
export interface LiveView {
  /** Texts for a person who reads along. */
  say(...lines: readonly string[]): void;
  showRound(board: Board): void;
  showAlert(message: SentMessage): void;
  showPosture(report: PostureReport): void;
  showProblem(problem: LiveProblem): void;
}

/** A problem of the monitor itself. */
export interface LiveProblem {
  readonly level: 'warn' | 'error';
  /** One line or more, escaped. */
  readonly text: string;
}
