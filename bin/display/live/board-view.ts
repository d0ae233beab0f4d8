import type { AlertContext } from '../../../lambda/alert/words/first-line.ts';
import type { Screen } from '../layout/screen.ts';
import { type PaintedText, wrapIndented, wrapParts } from '../layout/wrap.ts';
import { alertLines } from './alert.ts';
import { boardLines } from './board.ts';
import { changeParts, openRoundChanges } from './changes.ts';
import type { LiveView } from './live-view.ts';
import { type LiveOutput, openLiveLog } from './log-above-board.ts';
import { openPostureChanges, postureParts } from './posture-changes.ts';
import { problemParts } from './problem.ts';

/** Columns of `06:09:48 UTC  `: the lines of one text stand below its first word. */
const TIME = 14;

/** In a terminal: a board of the last round, and above it the outcomes that changed, alerts and problems. */
export function openBoardView(output: LiveOutput, screen: Screen, context: AlertContext): LiveView {
  const log = openLiveLog(output);
  const changes = openRoundChanges();
  const postures = openPostureChanges();
  const wrapped = (parts: readonly PaintedText[]) => wrapParts(parts, screen.width, TIME);
  return {
    say: (...lines) => log.log(...lines.flatMap((line) => wrapIndented(line, screen.width))),
    showRound: (board) => {
      // The board shows the verdicts, and an alert says what each change of them means.
      const outcomes = changes.next(board).filter(({ what }) => what === 'outcome');
      log.log(...outcomes.flatMap((change) => wrapped(changeParts(change, board.round, screen))));
      log.showBoard(boardLines(board, screen));
    },
    showAlert: (message) => log.log('', ...alertLines(message, context, screen), ''),
    showPosture: (report) =>
      log.log(...postures.next(report).flatMap((change) => wrapped(postureParts(change, screen)))),
    showProblem: (problem) => log.log(...wrapped(problemParts(problem, screen))),
  };
}
