import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { Board } from './board.ts';

/** What `start` shows of the monitor. */
export interface LiveView {
  /** Texts for a person who reads along. */
  say(...lines: readonly string[]): void;
  showRound(board: Board): void;
  showAlert(alert: Alert): void;
  showProblem(problem: LiveProblem): void;
}

/** A problem of the monitor itself. */
export interface LiveProblem {
  readonly level: 'warn' | 'error';
  /** One line or more, escaped. */
  readonly text: string;
}
