import type { AlertContext } from '../../../lambda/alert/words/first-line.ts';
import type { Screen } from '../layout/screen.ts';
import { type PaintedText, wrapIndented, wrapParts } from '../layout/wrap.ts';
import { alertLines } from './alert.ts';
import { type Board, boardLines } from './board.ts';
import { changeParts, type LiveChange, openRoundChanges } from './changes.ts';
import type { LateSamplesOfVantage, LiveView } from './live-view.ts';
import { type LiveOutput, openLiveLog } from './log-above-board.ts';
import { noticeTexts } from './notice-lines.ts';
import { openPostureChanges, postureParts } from './posture-changes.ts';
import { problemParts } from './problem.ts';
import { openTripChanges, tripParts } from './trip-lines.ts';

/** Columns of `06:09:48 UTC  `: the lines of one text stand below its first word. */
const TIME = 14;

/** In a terminal: a board of the last round, and above it the outcomes that changed, alerts and problems. */
export function openBoardView(output: LiveOutput, screen: Screen, context: AlertContext): LiveView {
  const log = openLiveLog(output);
  const changes = openRoundChanges();
  const postures = openPostureChanges();
  const trips = openTripChanges();
  const wrapped = (parts: readonly PaintedText[]) => wrapParts(parts, screen.width, TIME);
  let shown: Board | null = null;
  const logChanges = (changed: readonly LiveChange[], round: string) =>
    log.log(...changed.flatMap((change) => wrapped(changeParts(change, round, screen))));
  return {
    say: (...lines) => log.log(...lines.flatMap((line) => wrapIndented(line, screen.width))),
    showRound: (board) => {
      // The board shows the verdicts, and an alert says what each change of them means.
      const outcomes = changes.next(board).filter(({ what }) => what === 'outcome');
      logChanges(outcomes, board.round);
      shown = board;
      log.showBoard(withNotices(board, screen));
    },
    showLateSamples: (late) => {
      logChanges(changes.late(late), late.round);
      if (shown?.round !== late.round) return;
      shown = withLate(shown, late);
      log.updateBoard(withNotices(shown, screen));
    },
    showAlert: (message) => log.log('', ...alertLines(message, context, screen), ''),
    showPosture: (report) =>
      log.log(...postures.next(report).flatMap((change) => wrapped(postureParts(change, screen)))),
    showTrips: (report) => log.log(...trips.next(report).flatMap((change) => wrapped(tripParts(change, screen)))),
    showProblem: (problem) => log.log(...wrapped(problemParts(problem, screen))),
  };
}

/** Below the board: what is held, and who acknowledged. */
function withNotices(board: Board, screen: Screen): readonly string[] {
  const notices = noticeTexts(board).flatMap((text) => wrapIndented(text, screen.width));
  return [...boardLines(board, screen), ...notices.map(screen.paint.dim)];
}

/** The board of a round with the samples that were added to it. */
function withLate(board: Board, { vantage, samples }: LateSamplesOfVantage): Board {
  const rows = board.rows.map((row) => {
    const sample = samples.get(row.target);
    return sample === undefined ? row : { ...row, samples: new Map([...row.samples, [vantage, sample]]) };
  });
  return { ...board, rows };
}
